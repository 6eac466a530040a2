#ifndef CTESTCRYPTO_H
#define CTESTCRYPTO_H

// Makes OpenSSL ready for everything that it can do, for tests that make keys and certificates.
int ctestcrypto_initialize(void);

#endif
