#include "peers.h"

#include <string.h>

// Places that are tried for a peer before another one is sent away.
enum { TRIES = 8 };

void begin_batch(peer_table *table) {
  table->batch++;
  if (table->batch != 0) return;
  // After 2^32 batches the numbers begin again: all peers are as old as each other.
  for (int i = 0; i < PEER_SLOTS; i++) table->slots[i].batch = table->slots[i].batch != 0;
  table->batch = 2;
}

static uint32_t hash(const void *bytes, size_t length, uint32_t seed) {
  // FNV-1a: short, and good enough for addresses that differ in a few bytes.
  const unsigned char *at = bytes;
  uint32_t value = 2166136261u ^ seed;
  for (size_t i = 0; i < length; i++) value = (value ^ at[i]) * 16777619u;
  return value ^ value >> 15;
}

static bool is_peer(const peer *each, const struct sockaddr_storage *address, socklen_t length, const credentials *from) {
  return each->batch != 0 && each->length == length && memcmp(&each->address, address, length) == 0 &&
         memcmp(&each->from, from, sizeof *from) == 0;
}

int32_t find_peer(peer_table *table, const struct sockaddr_storage *address, socklen_t length, const credentials *from,
                  bool *is_new) {
  uint32_t first = hash(address, length, (uint32_t)from->pid);
  int32_t chosen = NO_PEER;
  *is_new = false;
  for (uint32_t i = 0; i < PEER_SLOTS; i++) {
    int32_t slot = (int32_t)((first + i) % PEER_SLOTS);
    const peer *each = &table->slots[slot];
    if (is_peer(each, address, length, from)) {
      table->slots[slot].batch = table->batch;
      return slot;
    }
    // One batch has no more datagrams than the table has places, so there is always one to choose.
    bool is_free = each->batch != table->batch;
    if (is_free && (chosen == NO_PEER || each->batch < table->slots[chosen].batch)) chosen = slot;
    if (i >= TRIES - 1 && chosen != NO_PEER) break;
  }
  if (chosen == NO_PEER) return NO_PEER;
  peer *taken = &table->slots[chosen];
  memcpy(&taken->address, address, length);
  taken->length = length;
  taken->from = *from;
  taken->batch = table->batch;
  *is_new = true;
  return chosen;
}
