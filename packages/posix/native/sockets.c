// Descriptors of datagram sockets: one system call a function, composed in TypeScript.
#include "posix.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// As in src/addon.ts.
enum { RECEIVE_BUFFER, SEND_BUFFER, IPV6_ONLY, REUSE_ADDRESS, CREDENTIALS, FILE_MODE };

static int make_quiet(int fd) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) return -1;
  return fcntl(fd, F_SETFD, FD_CLOEXEC);
}

// createSocket(sockaddr) -> descriptor of the address's family
static napi_value create_socket(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct sockaddr_storage address = {0};
  size_t length;
  arguments(env, info, 1, &argument);
  const void *bytes;
  if (!byte_memory(env, argument, &bytes, &length)) return NULL;
  if (bytes == NULL || length > sizeof address) return number(env, -EINVAL);
  memcpy(&address, bytes, length);
#ifdef SOCK_CLOEXEC
  int fd = socket(address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
#else
  int fd = socket(address.ss_family, SOCK_DGRAM, 0);
  if (fd >= 0) make_quiet(fd);
#endif
  return result_or_errno(env, fd);
}

// adoptSocket(fd) -> 0 when it is a datagram socket, ready for use here
static napi_value adopt_socket(napi_env env, napi_callback_info info) {
  napi_value argument;
  int type = 0;
  socklen_t size = sizeof type;
  arguments(env, info, 1, &argument);
  int fd = int_value(env, argument);
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0) return result_or_errno(env, -1);
  if (type != SOCK_DGRAM) return number(env, -EPROTOTYPE);
  return result_or_errno(env, make_quiet(fd));
}

static int set_option(int fd, int option, int value) {
  switch (option) {
    case RECEIVE_BUFFER: return setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, sizeof value);
    case SEND_BUFFER: return setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &value, sizeof value);
    case IPV6_ONLY: return setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &value, sizeof value);
    case REUSE_ADDRESS: return setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value);
#ifdef __linux__
    // Of a socket that is not bound yet: the most that its file may have. Other systems refuse it.
    case FILE_MODE: return fchmod(fd, (mode_t)value);
#endif
#ifdef SO_PASSCRED
    case CREDENTIALS: return setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &value, sizeof value);
#endif
    default: return 0;
  }
}

// setSocketOption(fd, option, value)
static napi_value set_socket_option(napi_env env, napi_callback_info info) {
  napi_value argument[3];
  arguments(env, info, 3, argument);
  int fd = int_value(env, argument[0]);
  return result_or_errno(env, set_option(fd, int_value(env, argument[1]), int_value(env, argument[2])));
}

static napi_value with_address(napi_env env, napi_callback_info info,
                               int (*call)(int, const struct sockaddr *, socklen_t)) {
  napi_value argument[2];
  struct sockaddr_storage address = {0};
  size_t length;
  arguments(env, info, 2, argument);
  const void *bytes;
  if (!byte_memory(env, argument[1], &bytes, &length)) return NULL;
  if (bytes == NULL || length > sizeof address) return number(env, -EINVAL);
  memcpy(&address, bytes, length);
  return result_or_errno(env, call(int_value(env, argument[0]), (const struct sockaddr *)&address, (socklen_t)length));
}

// bindSocket(fd, sockaddr)
static napi_value bind_socket(napi_env env, napi_callback_info info) { return with_address(env, info, bind); }

// connectSocket(fd, sockaddr)
static napi_value connect_socket(napi_env env, napi_callback_info info) { return with_address(env, info, connect); }

// socketName(fd) -> sockaddr that it is bound to
static napi_value socket_name(napi_env env, napi_callback_info info) {
  napi_value argument;
  struct sockaddr_storage address = {0};
  socklen_t length = sizeof address;
  arguments(env, info, 1, &argument);
  if (getsockname(int_value(env, argument), (struct sockaddr *)&address, &length) < 0) return result_or_errno(env, -1);
  return bytes_value(env, &address, length);
}

// closeDescriptor(fd)
static napi_value close_descriptor(napi_env env, napi_callback_info info) {
  napi_value argument;
  arguments(env, info, 1, &argument);
  return result_or_errno(env, close(int_value(env, argument)));
}

void export_sockets(napi_env env, napi_value exports) {
  static const function functions[] = {
    {"createSocket", create_socket},
    {"adoptSocket", adopt_socket},
    {"setSocketOption", set_socket_option},
    {"bindSocket", bind_socket},
    {"connectSocket", connect_socket},
    {"socketName", socket_name},
    {"closeDescriptor", close_descriptor},
  };
  export_functions(env, exports, functions, sizeof functions / sizeof *functions);
}
