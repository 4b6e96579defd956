// FIFO files: what Node.js lacks, and a reply in one call instead of four.
#include "posix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 + 4, TEXT_SIZE = 8192 };

// What is to be written: a text that fits the stack, a larger one, or memory of JavaScript's.
typedef struct {
  const void *bytes;
  size_t length;
  void *allocated;
  char small[TEXT_SIZE];
} payload;

static bool read_payload(napi_env env, napi_value value, payload *data) {
  data->allocated = NULL;
  data->bytes = data->small;
  if (napi_get_value_string_utf8(env, value, data->small, sizeof data->small, &data->length) != napi_ok) {
    return byte_memory(env, value, &data->bytes, &data->length);
  }
  // A longer text is cut, before a character of up to four bytes.
  if (data->length < sizeof data->small - 4) return true;
  if (napi_get_value_string_utf8(env, value, NULL, 0, &data->length) != napi_ok) return false;
  char *memory = malloc(data->length + 1);
  if (memory == NULL) return false;
  data->allocated = memory;
  data->bytes = memory;
  return napi_get_value_string_utf8(env, value, memory, data->length + 1, &data->length) == napi_ok;
}

static bool read_path(napi_env env, napi_value value, char path[PATH_SIZE], int *failure) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, path, PATH_SIZE, &length) != napi_ok) {
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", "@mi/posix: a path must be a string");
    *failure = -EINVAL;
    return false;
  }
  // A zero byte would end the path early.
  *failure = length >= PATH_SIZE - 4 ? -ENAMETOOLONG : -EINVAL;
  return length < PATH_SIZE - 4 && strlen(path) == length;
}

// A file that a reply would overwrite, and another user's FIFO under a second name, must not be written to.
static int64_t write_to_fifo(const char *path, const payload *data) {
  struct stat status;
  int fd = open(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return -errno;
  int64_t written;
  if (fstat(fd, &status) < 0) written = -errno;
  else if (!S_ISFIFO(status.st_mode) || status.st_nlink != 1) written = -EINVAL;
  else {
    do written = write(fd, data->bytes, data->length);
    while (written < 0 && errno == EINTR);
    if (written < 0) written = -errno;
  }
  close(fd);
  return written;
}

// writeFifo(path, text or bytes) -> bytes written
static napi_value write_fifo(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  char path[PATH_SIZE];
  payload data;
  int failure;
  arguments(env, info, 2, argument);
  if (!read_path(env, argument[0], path, &failure)) return number(env, failure);
  int64_t written = read_payload(env, argument[1], &data) ? write_to_fifo(path, &data) : -EINVAL;
  free(data.allocated);
  return number(env, written);
}

// A umask may take away its own maker's right to open a FIFO.
static int open_new_fifo(const char *path) {
  enum { FLAGS = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC };
  struct stat status;
  int fd = open(path, FLAGS);
  if (fd >= 0 || errno != EACCES || lstat(path, &status) < 0 || !S_ISFIFO(status.st_mode)) return fd;
  if (fchmodat(AT_FDCWD, path, 0600, AT_SYMLINK_NOFOLLOW) < 0) return -1;
  return open(path, FLAGS);
}

static bool is_same(const struct stat *one, const struct stat *other) {
  return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

// On the descriptor: the path may meanwhile be something else, which is then left alone.
static int set_mode(const char *path, const struct stat *made, mode_t mode) {
  struct stat status;
  int failure = 0, fd = open_new_fifo(path);
  if (fd < 0) return -errno;
  if (fstat(fd, &status) < 0) failure = -errno;
  else if (!is_same(&status, made) || status.st_nlink != 1) failure = -EEXIST;
  else if (fchmod(fd, mode) < 0) failure = -errno;
  close(fd);
  return failure;
}

// mkfifo(path, mode): the mode is exact; until it is set, the FIFO is the owner's alone.
static napi_value make_fifo(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  char path[PATH_SIZE];
  int failure;
  arguments(env, info, 2, argument);
  if (!read_path(env, argument[0], path, &failure)) return number(env, failure);
  if (mkfifo(path, 0600) < 0) return result_or_errno(env, -1);
  struct stat made, found;
  if (lstat(path, &made) < 0) return result_or_errno(env, -1);
  failure = set_mode(path, &made, (mode_t)int_value(env, argument[1]));
  if (failure < 0 && S_ISFIFO(made.st_mode) && lstat(path, &found) == 0 && is_same(&found, &made)) unlink(path);
  return number(env, failure);
}

void export_fifos(napi_env env, napi_value exports) {
  static const function functions[] = {
    {"writeFifo", write_fifo},
    {"mkfifo", make_fifo},
  };
  export_functions(env, exports, functions, sizeof functions / sizeof *functions);
}
