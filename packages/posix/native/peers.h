// A table of those who have sent datagrams, so that each is described to JavaScript once and not with every datagram.
#ifndef PEERS_H
#define PEERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum { PEER_SLOTS = 1024, NO_PEER = -1 };

typedef struct {
  int32_t is_known, pid, uid, gid;  // of a process that this one's PID namespace does not show, the pid is 0
} credentials;

typedef struct {
  struct sockaddr_storage address;
  socklen_t length;
  credentials from;
  uint32_t batch;  // the last one that held a datagram of this peer; 0: never used
} peer;

typedef struct {
  peer slots[PEER_SLOTS];
  uint32_t batch;
} peer_table;

// To be called before the peers of a batch are looked up: the places that one batch uses stay as they are meanwhile.
void begin_batch(peer_table *table);

// The place of a peer. A new one takes the place of whom nothing was heard of for the longest time.
int32_t find_peer(peer_table *table, const struct sockaddr_storage *address, socklen_t length, const credentials *from,
                  bool *is_new);

#endif
