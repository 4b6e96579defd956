#include "datagram.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// Batches that are taken in one turn of the event loop: others have their turn too.
enum { MAX_BATCHES = 16 };

bool make_receive_slab(receive_slab *slab, unsigned int count, size_t message_size) {
  slab->count = slab->used = count;
  slab->message_size = message_size;
  slab->headers = calloc(count, sizeof *slab->headers);
  slab->vectors = calloc(count, sizeof *slab->vectors);
  slab->addresses = calloc(count, sizeof *slab->addresses);
  slab->controls = calloc(count, sizeof *slab->controls);
  // The system gives memory to the pages only that datagrams have reached.
  slab->bytes = malloc(count * message_size);
  if (!slab->headers || !slab->vectors || !slab->addresses || !slab->controls || !slab->bytes) return false;
  for (unsigned int i = 0; i < count; i++) {
    slab->vectors[i] = (struct iovec){.iov_base = slab->bytes + i * message_size, .iov_len = message_size};
    slab->headers[i].msg_hdr = (struct msghdr){
      .msg_name = &slab->addresses[i],
      .msg_iov = &slab->vectors[i],
      .msg_iovlen = 1,
      .msg_control = &slab->controls[i],
    };
  }
  return true;
}

void free_receive_slab(receive_slab *slab) {
  free(slab->headers);
  free(slab->vectors);
  free(slab->addresses);
  free(slab->controls);
  free(slab->bytes);
}

static int receive_many(int fd, struct mmsghdr *headers, unsigned int count) {
#if defined(__linux__) || defined(__FreeBSD__)
  return recvmmsg(fd, headers, count, MSG_DONTWAIT, NULL);
#else
  unsigned int done = 0;
  for (; done < count; done++) {
    ssize_t length = recvmsg(fd, &headers[done].msg_hdr, MSG_DONTWAIT);
    if (length < 0) return done > 0 ? (int)done : -1;
    headers[done].msg_len = (unsigned int)length;
  }
  return (int)done;
#endif
}

static credentials credentials_of(struct msghdr *header) {
  credentials from = {0};
#ifdef SCM_CREDENTIALS
  for (struct cmsghdr *each = CMSG_FIRSTHDR(header); each != NULL; each = CMSG_NXTHDR(header, each)) {
    if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_CREDENTIALS) continue;
    struct ucred sender;
    memcpy(&sender, CMSG_DATA(each), sizeof sender);
    from = (credentials){.is_known = 1, .pid = sender.pid, .uid = (int32_t)sender.uid, .gid = (int32_t)sender.gid};
  }
#else
  (void)header;
#endif
  return from;
}

static napi_value message_value(napi_env env, const struct mmsghdr *message) {
  if ((message->msg_hdr.msg_flags & MSG_TRUNC) == 0)
    return text_value(env, message->msg_hdr.msg_iov->iov_base, message->msg_len);
  napi_value null;
  napi_get_null(env, &null);
  return null;
}

static void hand_on(datagram *socket, int count) {
  napi_env env = socket->env;
  napi_handle_scope scope;
  napi_value texts[MAX_BATCH];
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  begin_batch(socket->peers);
  for (int i = 0; i < count; i++) {
    struct mmsghdr *message = &socket->received.headers[i];
    credentials from = credentials_of(&message->msg_hdr);
    bool is_new;
    // Of an unnamed UNIX socket the system may tell no family either; in the table each has one.
    if (message->msg_hdr.msg_namelen < sizeof(sa_family_t)) message->msg_hdr.msg_namelen = 0;
    socket->marks[2 * i] =
      find_peer(socket->peers, &socket->received.addresses[i], message->msg_hdr.msg_namelen, &from, &is_new);
    socket->marks[2 * i + 1] = is_new;
    texts[i] = message_value(env, message);
  }
  // As arguments: JavaScript makes an array of them faster than these calls could.
  call_back(socket, socket->on_batch, (size_t)count, texts);
  napi_close_handle_scope(env, scope);
}

static void report_error(datagram *socket, int failure) {
  napi_value value = number(socket->env, failure);
  call_back(socket, socket->on_error, 1, &value);
}

void receive_batches(datagram *socket) {
  receive_slab *slab = &socket->received;
  for (int batches = 0; batches < MAX_BATCHES && socket->reading && !socket->closing; batches++) {
    // Only what the last batch has used is not as it was.
    for (unsigned int i = 0; i < slab->used; i++) {
      struct msghdr *header = &slab->headers[i].msg_hdr;
      header->msg_namelen = sizeof slab->addresses[i];
      header->msg_controllen = CONTROL_SIZE;
      header->msg_flags = 0;
    }
    int count = receive_many(socket->fd, slab->headers, slab->count);
    // A call that failed may have changed the first.
    slab->used = count > 0 ? (unsigned int)count : 1;
    if (count < 0) {
      if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) report_error(socket, errno);
      return;
    }
    if (count > 0) hand_on(socket, count);
    // One datagram at a time is someone who waits for each answer: looking for another one would be in vain. Several are a
    // crowd, and more have come meanwhile.
    if (count < 2 && slab->count > 1) return;
  }
}
