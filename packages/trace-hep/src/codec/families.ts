/** The address families that HEP knows, by the numbers of Linux, whatever the platform's own are. */
export const IPV4 = 2
export const IPV6 = 10
