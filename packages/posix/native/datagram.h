// A datagram socket that the event loop watches.
#ifndef DATAGRAM_H
#define DATAGRAM_H

#include "peers.h"
#include "posix.h"

#include <sys/uio.h>
#include <uv.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

// Where the system has no calls for many messages, ours do them one by one and use the same structure.
#if !defined(__linux__) && !defined(__FreeBSD__)
struct mmsghdr {
  struct msghdr msg_hdr;
  unsigned int msg_len;
};
#endif

enum {
  MAX_BATCH = PEER_SLOTS,
  // Messages that one call sends at most, and the bytes that they may have together.
  SEND_BATCH = 64,
  SEND_BYTES = 256 * 1024,
  MAX_FULL = 64,
  // Bytes of ancillary data: the credentials of one sender and nothing behind them. Where there is room, a sender can push
  // descriptors, which nobody here would close.
#ifdef SCM_CREDENTIALS
  CONTROL_SIZE = CMSG_SPACE(sizeof(struct ucred)),
#else
  CONTROL_SIZE = 0,
#endif
};

typedef union {
  struct cmsghdr header;
  char bytes[CONTROL_SIZE > 0 ? CONTROL_SIZE : 1];
} control;

// What datagrams are received into.
typedef struct {
  unsigned int count;
  unsigned int used;  // headers that the last call may have changed
  size_t message_size;
  struct mmsghdr *headers;
  struct iovec *vectors;
  struct sockaddr_storage *addresses;
  control *controls;
  char *bytes;
} receive_slab;

// Peers whose queue was found full during one call: what follows for them must not overtake.
typedef struct {
  struct sockaddr_storage addresses[MAX_FULL];
  socklen_t lengths[MAX_FULL];
  int count;
  bool all;  // the socket's own buffer is full, or too many peers are
} full_queues;

typedef struct {
  full_queues full;
  struct mmsghdr headers[SEND_BATCH];
  struct iovec vectors[SEND_BATCH];
  char bytes[SEND_BYTES];
} send_slab;

typedef struct {
  uv_poll_t poll;
  napi_env env;
  napi_async_context context;
  napi_async_cleanup_hook_handle cleanup;
  napi_ref on_batch, on_writable, on_error;
  napi_ref self;    // keeps the object in JavaScript while the socket is open
  int32_t *numbers; // memory shared with JavaScript; it is freed here, whatever JavaScript does with its view. In it:
  int32_t *marks;   // for each datagram of a batch the place of its peer, and whether that is new
  int32_t *places;  // for each message to be sent the place of its peer
  int32_t *results; // for each message that was sent its bytes, or below zero the error number
  int fd;
  bool is_unix, is_connected, closing, reading, awaiting;
  bool has_segments;  // the system can cut several datagrams out of one piece (UDP, Linux 4.18)
  int owners;       // the object in JavaScript, its view of the numbers, and the handle of the event loop
  receive_slab received;
  send_slab *sending;
  peer_table *peers;
} datagram;

bool make_receive_slab(receive_slab *slab, unsigned int count, size_t message_size);
void free_receive_slab(receive_slab *slab);

// Takes what has arrived and hands it on. To be called when the socket is readable.
void receive_batches(datagram *socket);

// Calls back into JavaScript with so many arguments; what is thrown there becomes an 'uncaughtException'.
void call_back(datagram *socket, napi_ref callback, size_t count, napi_value *values);

datagram *datagram_value(napi_env env, napi_value value);

// Whether a message goes to an address.
bool is_for(const struct msghdr *message, const void *address, socklen_t length);

// How many messages, from the first on, can be sent as segments of one piece: 1 when they cannot.
int segments_at(const struct mmsghdr *messages, int count);
// Returns 0, or the error number.
int send_segments(int fd, const struct mmsghdr *messages, int count);

napi_value send_datagrams(napi_env env, napi_callback_info info);

#endif
