// Memory that processes share by a descriptor that they inherit.
#include "posix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int anonymous_file(void) {
#ifdef __linux__
  return memfd_create("mi", MFD_CLOEXEC | MFD_ALLOW_SEALING);
#else
  char path[] = "/tmp/mi-shared-XXXXXX";
  int fd = mkstemp(path);
  if (fd >= 0) unlink(path);
  return fd;
#endif
}

// No process that shares the file may change its size: the others would end with SIGBUS.
static void seal(int fd) {
#ifdef F_ADD_SEALS
  fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
#else
  (void)fd;
#endif
}

// createSharedFile(bytes) -> descriptor of so many zero bytes
static napi_value create_shared_file(napi_env env, napi_callback_info info) {
  napi_value argument;
  arguments(env, info, 1, &argument);
  int fd = anonymous_file();
  if (fd >= 0 && ftruncate(fd, int_value(env, argument)) < 0) {
    int failure = -errno;
    close(fd);
    return number(env, failure);
  }
  if (fd >= 0) seal(fd);
  return result_or_errno(env, fd);
}

static void unmap(napi_env env, void *memory, void *size) {
  (void)env;
  munmap(memory, (size_t)(uintptr_t)size);
}

// mapSharedFile(fd, bytes) -> ArrayBuffer
static napi_value map_shared_file(napi_env env, napi_callback_info info) {
  napi_value argument[2], buffer;
  arguments(env, info, 2, argument);
  int fd = int_value(env, argument[0]);
  size_t size = (size_t)int_value(env, argument[1]);
  // A shorter file would end the process with SIGBUS where it is read beyond its end.
  off_t end = lseek(fd, 0, SEEK_END);
  if (end < 0) return result_or_errno(env, -1);
  if ((size_t)end < size) return number(env, -EINVAL);
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) return result_or_errno(env, -1);
  if (napi_create_external_arraybuffer(env, memory, size, unmap, (void *)(uintptr_t)size, &buffer) != napi_ok) {
    munmap(memory, size);
    return number(env, -ENOTSUP);
  }
  return buffer;
}

void export_shared(napi_env env, napi_value exports) {
  static const function functions[] = {
    {"createSharedFile", create_shared_file},
    {"mapSharedFile", map_shared_file},
  };
  export_functions(env, exports, functions, sizeof functions / sizeof *functions);
}
