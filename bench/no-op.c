// Stands for Patroni: whatever is measured ends where Patroni would begin.
int main(void) { return 0; }
