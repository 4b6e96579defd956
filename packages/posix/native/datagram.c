#include "datagram.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static void disown(datagram *socket) {
  if (--socket->owners > 0) return;
  free_receive_slab(&socket->received);
  free(socket->sending);
  free(socket->peers);
  free(socket->numbers);
  free(socket);
}

datagram *datagram_value(napi_env env, napi_value value) {
  void *socket = NULL;
  if (napi_get_value_external(env, value, &socket) != napi_ok) return NULL;
  datagram *result = socket;
  return result->closing ? NULL : result;
}

void call_back(datagram *socket, napi_ref callback, size_t count, napi_value *values) {
  napi_env env = socket->env;
  napi_value function, thrown;
  bool has_thrown = false;
  if (napi_get_reference_value(env, callback, &function) != napi_ok || function == NULL) return;
  // Runs the ticks and promises that the callback leaves, too.
  if (napi_make_callback(env, socket->context, function, function, count, values, NULL) == napi_ok) return;
  if (napi_is_exception_pending(env, &has_thrown) != napi_ok || !has_thrown) return;
  if (napi_get_and_clear_last_exception(env, &thrown) == napi_ok) napi_fatal_exception(env, thrown);
}

static void watch_events(datagram *socket);

// libuv reports an error that waits at the socket (ECONNREFUSED of a connected one) as EBADF, and stops watching.
static void report_pending_error(datagram *socket, int status) {
  int failure = 0;
  socklen_t size = sizeof failure;
  if (getsockopt(socket->fd, SOL_SOCKET, SO_ERROR, &failure, &size) < 0) {
    // The descriptor is no longer of use; going on would call this forever.
    socket->reading = socket->awaiting = false;
    failure = status;
  }
  watch_events(socket);
  // A call of `send` may have taken and reported it already.
  if (failure == 0) return;
  napi_value value = number(socket->env, failure);
  call_back(socket, socket->on_error, 1, &value);
}

static void on_poll(uv_poll_t *poll, int status, int events) {
  datagram *socket = poll->data;
  napi_handle_scope scope;
  if (napi_open_handle_scope(socket->env, &scope) != napi_ok) return;
  if (status < 0) {
    report_pending_error(socket, -status);
  } else {
    if ((events & UV_WRITABLE) != 0 && socket->awaiting) {
      socket->awaiting = false;
      watch_events(socket);
      call_back(socket, socket->on_writable, 0, NULL);
    }
    if ((events & UV_READABLE) != 0) receive_batches(socket);
  }
  napi_close_handle_scope(socket->env, scope);
}

static void watch_events(datagram *socket) {
  if (socket->closing) return;
  int events = (socket->reading ? UV_READABLE : 0) | (socket->awaiting ? UV_WRITABLE : 0);
  if (events == 0) uv_poll_stop(&socket->poll);
  else uv_poll_start(&socket->poll, events, on_poll);
}

static void on_closed(uv_handle_t *handle) {
  datagram *socket = handle->data;
  napi_env env = socket->env;
  napi_delete_reference(env, socket->on_batch);
  napi_delete_reference(env, socket->on_writable);
  napi_delete_reference(env, socket->on_error);
  napi_delete_reference(env, socket->self);
  napi_async_destroy(env, socket->context);
  napi_remove_async_cleanup_hook(socket->cleanup);
  disown(socket);
}

static void close_socket(datagram *socket) {
  if (socket->closing) return;
  socket->closing = true;
  uv_close((uv_handle_t *)&socket->poll, on_closed);
  // The loop has let go of the descriptor by now; the memory stays until it says so.
  close(socket->fd);
}

static void on_environment_end(napi_async_cleanup_hook_handle handle, void *data) {
  (void)handle;
  close_socket(data);
}

static void on_collected(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  disown(data);
}

static void on_numbers_collected(napi_env env, void *data, void *hint) {
  (void)env;
  (void)data;
  disown(hint);
}

static napi_ref reference(napi_env env, napi_value value) {
  napi_ref result = NULL;
  napi_create_reference(env, value, 1, &result);
  return result;
}

static datagram *make_datagram(unsigned int max_batch, size_t max_message) {
  datagram *socket = calloc(1, sizeof *socket);
  if (socket == NULL) return NULL;
  socket->owners = 1;
  socket->sending = malloc(sizeof *socket->sending);
  socket->peers = calloc(1, sizeof *socket->peers);
  socket->numbers = calloc(2 * max_batch + 2 * SEND_BATCH, sizeof *socket->numbers);
  if (make_receive_slab(&socket->received, max_batch, max_message) && socket->sending && socket->peers &&
      socket->numbers) {
    socket->marks = socket->numbers;
    socket->places = socket->marks + 2 * max_batch;
    socket->results = socket->places + SEND_BATCH;
    return socket;
  }
  disown(socket);
  return NULL;
}

static bool starts(napi_env env, datagram *socket) {
  uv_loop_t *loop;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return false;
  socket->poll.data = socket;
  return uv_poll_init(loop, &socket->poll, socket->fd) == 0;
}

// An ArrayBuffer over the socket's numbers, which keeps their memory.
static napi_value numbers_value(napi_env env, datagram *socket, size_t count) {
  napi_value buffer;
  size_t size = count * sizeof *socket->numbers;
  if (napi_create_external_arraybuffer(env, socket->numbers, size, on_numbers_collected, socket, &buffer) != napi_ok)
    return NULL;
  socket->owners++;
  return buffer;
}

// watchDatagrams(fd, isUnix, isConnected, maxBatch, maxMessageBytes, onBatch, onWritable, onError) -> { socket, numbers }
// From then on the descriptor is the socket's. Batches come as arguments of onBatch. The numbers are Int32s: marks, two for
// each message of a batch; places and results, one for each message that is sent.
static napi_value watch_datagrams(napi_env env, napi_callback_info info) {
  napi_value argument[8], name, self, numbers, result;
  arguments(env, info, 8, argument);
  int fd = int_value(env, argument[0]);
  int32_t max_batch = int_value(env, argument[3]), max_message = int_value(env, argument[4]);
  if (max_batch < 1 || max_batch > MAX_BATCH || max_message < 1) return number(env, -EINVAL);
  datagram *socket = make_datagram((unsigned int)max_batch, (size_t)max_message);
  if (socket == NULL) return number(env, -ENOMEM);
  socket->env = env;
  socket->fd = fd;
  napi_get_value_bool(env, argument[1], &socket->is_unix);
  napi_get_value_bool(env, argument[2], &socket->is_connected);
  socket->has_segments = !socket->is_unix;
  numbers = numbers_value(env, socket, 2 * (size_t)max_batch + 2 * SEND_BATCH);
  if (numbers == NULL || !starts(env, socket)) {
    disown(socket);
    return number(env, numbers == NULL ? -ENOTSUP : -EBADF);
  }
  napi_create_external(env, socket, on_collected, NULL, &self);
  socket->owners++;
  napi_create_string_utf8(env, "MI_DATAGRAM", NAPI_AUTO_LENGTH, &name);
  // A resource of its own: contexts are kept as properties of it, which an external cannot have.
  napi_async_init(env, NULL, name, &socket->context);
  napi_add_async_cleanup_hook(env, on_environment_end, socket, &socket->cleanup);
  socket->self = reference(env, self);
  socket->on_batch = reference(env, argument[5]);
  socket->on_writable = reference(env, argument[6]);
  socket->on_error = reference(env, argument[7]);
  napi_create_object(env, &result);
  napi_set_named_property(env, result, "socket", self);
  napi_set_named_property(env, result, "numbers", numbers);
  return result;
}

// setReading(socket, whether)
static napi_value set_reading(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  arguments(env, info, 2, argument);
  datagram *socket = datagram_value(env, argument[0]);
  if (socket == NULL) return NULL;
  napi_get_value_bool(env, argument[1], &socket->reading);
  watch_events(socket);
  return NULL;
}

// awaitWritable(socket): one call of onWritable
static napi_value await_writable(napi_env env, napi_callback_info info) {
  napi_value argument;
  arguments(env, info, 1, &argument);
  datagram *socket = datagram_value(env, argument);
  if (socket == NULL) return NULL;
  socket->awaiting = true;
  watch_events(socket);
  return NULL;
}

// peerAt(socket, place) -> { sockaddr, isKnown, pid, uid, gid }
static napi_value peer_at(napi_env env, napi_callback_info info) {
  napi_value argument[2], result;
  arguments(env, info, 2, argument);
  datagram *socket = datagram_value(env, argument[0]);
  int32_t place = int_value(env, argument[1]);
  if (socket == NULL || place < 0 || place >= PEER_SLOTS) return NULL;
  const peer *each = &socket->peers->slots[place];
  napi_create_object(env, &result);
  napi_set_named_property(env, result, "sockaddr", bytes_value(env, &each->address, each->length));
  napi_value is_known;
  napi_get_boolean(env, each->from.is_known != 0, &is_known);
  napi_set_named_property(env, result, "isKnown", is_known);
  napi_set_named_property(env, result, "pid", number(env, each->from.pid));
  napi_set_named_property(env, result, "uid", number(env, (uint32_t)each->from.uid));
  napi_set_named_property(env, result, "gid", number(env, (uint32_t)each->from.gid));
  return result;
}

// closeDatagrams(socket)
static napi_value close_datagrams(napi_env env, napi_callback_info info) {
  napi_value argument;
  arguments(env, info, 1, &argument);
  datagram *socket = datagram_value(env, argument);
  if (socket != NULL) close_socket(socket);
  return NULL;
}

void export_datagrams(napi_env env, napi_value exports) {
  static const function functions[] = {
    {"watchDatagrams", watch_datagrams}, {"sendDatagrams", send_datagrams}, {"setReading", set_reading},
    {"awaitWritable", await_writable},   {"peerAt", peer_at},               {"closeDatagrams", close_datagrams},
  };
  export_functions(env, exports, functions, sizeof functions / sizeof *functions);
}
