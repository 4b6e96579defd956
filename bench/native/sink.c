// sink: takes datagrams and drops them, as a capture server that costs as little as can be. Told to end, it prints how
// many came.
//   cc -O2 -o sink sink.c
//   ./sink udp PORT
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static volatile long packets;

static void end(int number) {
  (void)number;
  printf("sink packets=%ld\n", packets);
  fflush(stdout);
  _exit(0);
}

int main(int argc, char **argv) {
  static char buf[70000];
  struct sockaddr_in here = {.sin_family = AF_INET};
  int room = 8 << 20;
  if (argc != 3 || strcmp(argv[1], "udp")) {
    fprintf(stderr, "usage: sink udp PORT\n");
    return 2;
  }
  here.sin_port = htons((unsigned short)atoi(argv[2]));
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  if (bind(fd, (struct sockaddr *)&here, sizeof here) < 0) {
    perror("bind");
    return 1;
  }
  signal(SIGTERM, end);
  for (;;)
    if (recv(fd, buf, sizeof buf, 0) >= 0) packets++;
}
