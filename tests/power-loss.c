/* A power loss, for tests: a preload under which only what an fsync covered survives.

   cc -O2 -shared -fPIC -o power-loss.so power-loss.c -ldl -lpthread

   SHIM_TARGET names the one file watched, SHIM a directory for two more: `shadow`, what the disk would hold after a
   loss of power now, and `pending`, the writes since the last fsync, as (kind, offset, length) in 64-bit words of this
   machine, kind 1 followed by the bytes written, kind 2 a truncation to `offset`. An fsync applies `pending` to
   `shadow`. Data merely handed to the kernel, by sync_file_range too, is not durable here: on a disk with a write
   cache it is not. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE = 2 };
struct record { uint64_t kind, offset, length; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *target;
static int shadow = -1, pending = -1;
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static int (*real_ftruncate)(int, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

static int beside(const char *name, int flags) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", getenv("SHIM"), name);
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC | flags, 0600);
}

static void start(void) {
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    target = getenv("SHIM_TARGET");
    if (!target || !getenv("SHIM")) return;
    shadow = beside("shadow", 0);
    pending = beside("pending", O_TRUNC | O_APPEND);
    if (shadow < 0 || pending < 0) abort();
}

static int watched(int fd) {
    struct stat this, wanted;
    pthread_once(&once, start);
    if (shadow < 0 || fstat(fd, &this) || stat(target, &wanted)) return 0;
    return this.st_ino == wanted.st_ino && this.st_dev == wanted.st_dev;
}

static void note(uint64_t kind, uint64_t offset, uint64_t length, const void *data) {
    struct record head = {kind, offset, length};
    size_t size = sizeof head + (data ? length : 0);
    char *bytes = malloc(size);
    if (!bytes) abort();
    memcpy(bytes, &head, sizeof head);
    if (data) memcpy(bytes + sizeof head, data, length);
    if (write(pending, bytes, size) != (ssize_t)size) abort();
    free(bytes);
}

static void apply(void) {
    struct record head;
    off_t at = 0;
    while (pread(pending, &head, sizeof head, at) == sizeof head) {
        at += sizeof head;
        if (head.kind == TRUNCATE) {
            if (real_ftruncate(shadow, head.offset)) abort();
            continue;
        }
        char *bytes = malloc(head.length);
        if (!bytes || pread(pending, bytes, head.length, at) != (ssize_t)head.length) abort();
        at += head.length;
        if (real_pwrite(shadow, bytes, head.length, head.offset) != (ssize_t)head.length) abort();
        free(bytes);
    }
    if (real_ftruncate(pending, 0)) abort();
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
    if (!watched(fd)) return real_pwrite(fd, data, size, offset);
    pthread_mutex_lock(&lock);
    ssize_t written = real_pwrite(fd, data, size, offset);
    if (written > 0) note(WRITE, offset, written, data);
    pthread_mutex_unlock(&lock);
    return written;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
    return pwrite64(fd, data, size, offset);
}

int ftruncate64(int fd, off64_t length) {
    if (!watched(fd)) return real_ftruncate(fd, length);
    pthread_mutex_lock(&lock);
    int result = real_ftruncate(fd, length);
    if (!result) note(TRUNCATE, length, 0, NULL);
    pthread_mutex_unlock(&lock);
    return result;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

static int sync_with(int (*real)(int), int fd) {
    pthread_mutex_lock(&lock);
    int result = real(fd);
    if (!result) apply();
    pthread_mutex_unlock(&lock);
    return result;
}

int fsync(int fd) { return watched(fd) ? sync_with(real_fsync, fd) : real_fsync(fd); }

int fdatasync(int fd) { return watched(fd) ? sync_with(real_fdatasync, fd) : real_fdatasync(fd); }
