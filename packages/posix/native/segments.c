// Several datagrams in one piece, which the system cuts apart on its way out (UDP_SEGMENT, Linux 4.18 and later): replies of
// one length to one peer then cost little more than one of them.
#include "datagram.h"

#include <errno.h>
#include <string.h>
#ifdef __linux__
#include <netinet/in.h>
#include <netinet/udp.h>
#endif

#ifdef UDP_SEGMENT

enum {
  // Octets of one piece, and of a segment: what a usual link's frame has room for.
  MAX_PIECE = 65000,
  MAX_SEGMENT = 1200,
};

// Whether a message continues the piece that begins with the first one.
static bool continues(const struct mmsghdr *first, const struct mmsghdr *last, const struct mmsghdr *next) {
  const struct iovec *begin = first->msg_hdr.msg_iov, *end = last->msg_hdr.msg_iov, *more = next->msg_hdr.msg_iov;
  return more->iov_len == begin->iov_len && (char *)more->iov_base == (char *)end->iov_base + end->iov_len &&
         is_for(&next->msg_hdr, first->msg_hdr.msg_name, first->msg_hdr.msg_namelen);
}

int segments_at(const struct mmsghdr *messages, int count) {
  size_t length = messages->msg_hdr.msg_iov->iov_len;
  int segments = 1;
  if (length == 0 || length > MAX_SEGMENT) return 1;
  while (segments < count && (size_t)(segments + 1) * length <= MAX_PIECE &&
         continues(messages, messages + segments - 1, messages + segments))
    segments++;
  return segments;
}

int send_segments(int fd, const struct mmsghdr *messages, int count) {
  const struct msghdr *first = &messages->msg_hdr;
  uint16_t length = (uint16_t)first->msg_iov->iov_len;
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof length)];
  } option = {.header = {.cmsg_len = CMSG_LEN(sizeof length), .cmsg_level = SOL_UDP, .cmsg_type = UDP_SEGMENT}};
  struct iovec piece = {first->msg_iov->iov_base, (size_t)length * (size_t)count};
  struct msghdr message = *first;
  memcpy(CMSG_DATA(&option.header), &length, sizeof length);
  message.msg_iov = &piece;
  message.msg_control = &option;
  message.msg_controllen = sizeof option;
  return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? errno : 0;
}

#else

int segments_at(const struct mmsghdr *messages, int count) {
  (void)messages;
  (void)count;
  return 1;
}

int send_segments(int fd, const struct mmsghdr *messages, int count) {
  (void)fd;
  (void)messages;
  (void)count;
  return ENOPROTOOPT;
}

#endif
