#include "datagram.h"

#include <errno.h>
#include <string.h>

// A TypeError waits to be thrown in JavaScript.
enum { THROWN = 1 };

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
  if (count == 1) {
    ssize_t length = sendmsg(fd, &headers->msg_hdr, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (length >= 0) headers->msg_len = (unsigned int)length;
    return length < 0 ? -1 : 1;
  }
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

// The bytes of a message, put behind those that are in the slab already; a message of JavaScript's memory stays where it is.
// Returns 0, -EMSGSIZE when there is no room for them, or THROWN.
static int take_message(napi_env env, napi_value message, send_slab *slab, size_t *used, struct iovec *vector) {
  size_t room = SEND_BYTES - *used, length = 0;
  const void *bytes;
  if (napi_get_value_string_utf8(env, message, slab->bytes + *used, room, &length) == napi_ok) {
    // A text that is longer is cut, before a character of up to four bytes.
    if (room < 5 || length >= room - 4) return -EMSGSIZE;
    *vector = (struct iovec){.iov_base = slab->bytes + *used, .iov_len = length};
    *used += length;
    return 0;
  }
  if (!byte_memory(env, message, &bytes, &length)) return THROWN;
  *vector = (struct iovec){.iov_base = (void *)bytes, .iov_len = length};
  return 0;
}

// An address that is not in the table. Returns 0, -EINVAL when there is none, or THROWN.
static int take_address(napi_env env, napi_value addresses, int index, struct msghdr *header) {
  napi_value address;
  napi_valuetype type;
  const void *bytes;
  size_t length;
  if (napi_get_element(env, addresses, (uint32_t)index, &address) != napi_ok) return -EINVAL;
  if (napi_typeof(env, address, &type) != napi_ok || type == napi_undefined) return -EINVAL;
  if (!byte_memory(env, address, &bytes, &length)) return THROWN;
  header->msg_name = (void *)bytes;
  header->msg_namelen = (socklen_t)length;
  return length <= sizeof(struct sockaddr_storage) ? 0 : -EINVAL;
}

// Puts one message into the slab, behind so many that are there. Returns 0; -EMSGSIZE when there is no room for it,
// -EINVAL when it has no address, or THROWN.
static int take(napi_env env, datagram *socket, napi_value message, napi_value addresses, int index, int pending,
                size_t *used) {
  send_slab *slab = socket->sending;
  struct msghdr *header = &slab->headers[pending].msg_hdr;
  int32_t place = socket->places[index];
  *header = (struct msghdr){.msg_iov = &slab->vectors[pending], .msg_iovlen = 1};
  int failure = take_message(env, message, slab, used, &slab->vectors[pending]);
  if (failure != 0) return failure;
  if (place < 0 || place >= PEER_SLOTS) return take_address(env, addresses, index, header);
  header->msg_name = &socket->peers->slots[place].address;
  header->msg_namelen = socket->peers->slots[place].length;
  return 0;
}

// sendDatagrams(socket, continues, addresses, ...messages) -> how many were not sent. The place of a message's peer is -1 when
// its address is in the array of addresses. `continues`: queues that the last call has found full are full still.
napi_value send_datagrams(napi_env env, napi_callback_info info) {
  enum { BEFORE = 3 };
  napi_value argument[BEFORE + SEND_BATCH];
  size_t given = BEFORE + SEND_BATCH, used = 0;
  bool continues = false;
  napi_get_cb_info(env, info, &given, argument, NULL, NULL);
  int count = given > BEFORE ? (int)(given < BEFORE + SEND_BATCH ? given : BEFORE + SEND_BATCH) - BEFORE : 0;
  datagram *socket = datagram_value(env, argument[0]);
  if (socket == NULL) return number(env, count);
  napi_get_value_bool(env, argument[1], &continues);
  full_queues *queues = &socket->sending->full;
  if (!continues) {
    // Nothing else of it: it has room for many addresses, of which there are rarely any.
    queues->count = 0;
    queues->all = false;
  }
  int failed = 0, pending = 0;
  for (int i = 0; i < count;) {
    int failure = take(env, socket, argument[BEFORE + i], argument[2], i, pending, &used);
    if (failure == 0) {
      pending++;
      i++;
      if (i < count) continue;
    }
    // Misuse: what is in the slab is not sent either.
    if (failure == THROWN) return NULL;
    // The slab is full, or this is the last one, or this one cannot be sent: what is before it goes first.
    bool alone = pending == 0;
    failed += flush(socket, pending, socket->results + i - pending, queues);
    pending = 0;
    used = 0;
    if (failure == -EINVAL || (failure == -EMSGSIZE && alone)) {
      socket->results[i++] = failure;
      failed++;
    }
  }
  return number(env, failed);
}
