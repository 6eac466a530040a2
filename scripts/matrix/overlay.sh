#!/usr/bin/env bash
# Runs a command with a root directory that nobody else sees: overlay.sh ROOT COMMAND [ARGUMENT]...
# ROOT stays as it is; what is written goes to memory. MERGED in an argument becomes the directory. There
# is a network with nothing in it but the loopback interface. Needs root.
set -euo pipefail

if [ -z "${MATRIX_NAMESPACE:-}" ]; then
  exec env MATRIX_NAMESPACE=1 unshare --net --mount --pid --fork --kill-child "$0" "$@"
fi
root=$1
shift
scratch=$(mktemp -d)
mount -t tmpfs none "$scratch"
mkdir "$scratch/upper" "$scratch/work" "$scratch/merged"
mount -t overlay overlay -o "lowerdir=$root,upperdir=$scratch/upper,workdir=$scratch/work" "$scratch/merged"
mount -t proc proc "$scratch/merged/proc"
mount --rbind /dev "$scratch/merged/dev"
mount -t tmpfs none "$scratch/merged/dev/shm"
ip link set lo up
set +e
"${@//MERGED/$scratch/merged}"
code=$?
set -e
# The mounts go with the namespace; the directory does not.
umount -R "$scratch" 2>/dev/null || umount -l "$scratch"
rmdir "$scratch"
exit $code
