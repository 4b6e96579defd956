#include "datagram.h"

#include <errno.h>
#include <string.h>
// Peers whose queue was found full during one call: what follows for them must not overtake.
enum { MAX_FULL = 64 };

typedef struct {
  struct sockaddr_storage addresses[MAX_FULL];
  socklen_t lengths[MAX_FULL];
  int count;
  bool all;  // the socket's own buffer is full, or too many peers are
} full_queues;

bool is_for(const struct msghdr *header, const void *address, socklen_t length) {
  if (header->msg_namelen != length) return false;
  return header->msg_name == address || memcmp(header->msg_name, address, length) == 0;
}

static bool is_full(const full_queues *queues, const struct msghdr *header) {
  if (queues->all) return true;
  for (int i = 0; i < queues->count; i++)
    if (is_for(header, &queues->addresses[i], queues->lengths[i])) return true;
  return false;
}

static void add_full(full_queues *queues, const struct msghdr *header) {
  if (queues->count == MAX_FULL) {
    queues->all = true;
    return;
  }
  memcpy(&queues->addresses[queues->count], header->msg_name, header->msg_namelen);
  queues->lengths[queues->count++] = header->msg_namelen;
}

static int send_many(int fd, struct mmsghdr *headers, unsigned int count) {
#if defined(__linux__) || defined(__FreeBSD__)
  return sendmmsg(fd, headers, count, MSG_DONTWAIT | MSG_NOSIGNAL);
#else
  unsigned int done = 0;
  for (; done < count; done++) {
    ssize_t length = sendmsg(fd, &headers[done].msg_hdr, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (length < 0) return done > 0 ? (int)done : -1;
    headers[done].msg_len = (unsigned int)length;
  }
  return (int)done;
#endif
}

// The end of the messages that one call can send: neither for full queues, nor better sent as segments.
static int end_of_run(const datagram *socket, const full_queues *queues, int at, int count) {
  const struct mmsghdr *headers = socket->sending->headers;
  int end = at + 1;
  while (end < count && !is_full(queues, &headers[end].msg_hdr)) {
    if (socket->has_segments && segments_at(headers + end, count - end < 2 ? count - end : 2) > 1) break;
    end++;
  }
  return end;
}

// Sends what can go as segments from one message on. Returns how many did.
static int flush_segments(datagram *socket, int at, int count, int32_t *results) {
  struct mmsghdr *headers = socket->sending->headers;
  int segments = socket->has_segments ? segments_at(headers + at, count - at) : 1;
  if (segments == 1) return 0;
  int failure = send_segments(socket->fd, headers + at, segments);
  if (failure == 0) {
    for (int i = at; i < at + segments; i++) results[i] = (int32_t)headers[i].msg_hdr.msg_iov->iov_len;
    return segments;
  }
  // Each is sent by itself then. Where the first one goes, it is the segments that the system does not like: others would
  // fare no better. (What is too large for a link, or for the buffer at the moment, is not the system's dislike.)
  bool dislikes = failure == EINVAL || failure == EIO || failure == ENOPROTOOPT;
  int sent = send_many(socket->fd, headers + at, 1);
  if (sent < 1) return 0;
  if (dislikes) socket->has_segments = false;
  results[at] = (int32_t)headers[at].msg_len;
  return 1;
}

// What the system says of a message that it did not take.
static int32_t failed_with(datagram *socket, const struct msghdr *header, int failure, full_queues *queues) {
  if (failure == EWOULDBLOCK || failure == ENOBUFS) failure = EAGAIN;
  if (failure == EAGAIN) {
    // The queue of one UNIX peer, or the buffer of this socket.
    if (socket->is_unix && !socket->is_connected) add_full(queues, header);
    else queues->all = true;
  }
  return -failure;
}

// Sends the messages that are in the slab. Returns how many were not sent.
static int flush(datagram *socket, int count, int32_t *results, full_queues *queues) {
  struct mmsghdr *headers = socket->sending->headers;
  int failed = 0;
  for (int at = 0; at < count;) {
    if (is_full(queues, &headers[at].msg_hdr)) {
      results[at++] = -EAGAIN;
      failed++;
      continue;
    }
    int sent = flush_segments(socket, at, count, results);
    if (sent == 0) {
      sent = send_many(socket->fd, headers + at, (unsigned int)(end_of_run(socket, queues, at, count) - at));
      if (sent < 0 && errno == EINTR) continue;
      for (int i = at; i < at + sent; i++) results[i] = (int32_t)headers[i].msg_len;
    }
    if (sent > 0) {
      at += sent;
      continue;
    }
    results[at] = failed_with(socket, &headers[at].msg_hdr, sent < 0 ? errno : EAGAIN, queues);
    at++;
    failed++;
  }
  return failed;
}

// The octets of a message, put behind those that are in the slab already. False when there is no room for them; a message of
// JavaScript's memory needs none.
static bool take_message(napi_env env, napi_value message, send_slab *slab, size_t *used, struct iovec *vector) {
  size_t room = SEND_BYTES - *used, length = 0;
  if (napi_get_value_string_utf8(env, message, slab->bytes + *used, room, &length) == napi_ok) {
    // A text that is longer is cut, before a character of up to four octets.
    if (room < 5 || length >= room - 4) return false;
    *vector = (struct iovec){.iov_base = slab->bytes + *used, .iov_len = length};
    *used += length;
    return true;
  }
  vector->iov_base = typed_memory(env, message, &length);
  vector->iov_len = length;
  return true;
}

// An address that is not in the table; false when it is none.
static bool take_address(napi_env env, napi_value addresses, uint32_t index, struct msghdr *header) {
  napi_value address;
  size_t length;
  if (napi_get_element(env, addresses, index, &address) != napi_ok) return false;
  header->msg_name = typed_memory(env, address, &length);
  header->msg_namelen = (socklen_t)length;
  return length <= sizeof(struct sockaddr_storage);
}

// sendDatagrams(socket, messages, places: Int32Array, addresses, results: Int32Array) -> how many were not sent.
// The place of a message's peer is -1 when its address is in the array of addresses.
napi_value send_datagrams(napi_env env, napi_callback_info info) {
  napi_value argument[5];
  uint32_t count = 0;
  size_t place_count, result_count, used = 0;
  arguments(env, info, 5, argument);
  datagram *socket = datagram_value(env, argument[0]);
  napi_get_array_length(env, argument[1], &count);
  const int32_t *places = typed_memory(env, argument[2], &place_count);
  int32_t *results = typed_memory(env, argument[4], &result_count);
  if (socket == NULL || place_count < count || result_count < count) return number(env, count);

  full_queues queues = {.count = 0, .all = false};
  send_slab *slab = socket->sending;
  int failed = 0, pending = 0;
  for (uint32_t i = 0; i < count;) {
    napi_handle_scope scope;
    napi_value message;
    napi_open_handle_scope(env, &scope);
    struct msghdr *header = &slab->headers[pending].msg_hdr;
    *header = (struct msghdr){.msg_iov = &slab->vectors[pending], .msg_iovlen = 1};
    bool fits = napi_get_element(env, argument[1], i, &message) == napi_ok &&
                take_message(env, message, slab, &used, &slab->vectors[pending]);
    bool addressed = true;
    if (fits && places[i] >= 0 && places[i] < PEER_SLOTS) {
      peer *to = &socket->peers->slots[places[i]];
      header->msg_name = &to->address;
      header->msg_namelen = to->length;
    } else if (fits) {
      addressed = take_address(env, argument[3], i, header);
    }
    napi_close_handle_scope(env, scope);
    bool alone = pending == 0;
    if (fits && addressed) {
      pending++;
      i++;
      if (pending < SEND_BATCH && i < count) continue;
    }
    // The slab is full, or this is the last one, or this one cannot be sent: what is before it goes first.
    int32_t *from = results + (i - (uint32_t)pending);
    failed += flush(socket, pending, from, &queues);
    pending = 0;
    used = 0;
    if (fits && !addressed) {
      results[i++] = -EINVAL;
      failed++;
    } else if (!fits && alone) {
      results[i++] = -EMSGSIZE;
      failed++;
    }
  }
  return number(env, failed);
}
