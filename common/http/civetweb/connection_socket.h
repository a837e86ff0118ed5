/* What our server needs of a connection and civetweb does not offer: its socket, so that one that
 * keeps a worker waiting can be cut off (connection_watch.h). build.sh compiles it into the
 * library, appended to civetweb.c, where struct mg_connection is known. */
#ifndef SELFHEAL_CONNECTION_SOCKET_H
#define SELFHEAL_CONNECTION_SOCKET_H

struct mg_connection;

#ifdef __cplusplus
extern "C"
#endif
    int
    selfheal_connection_socket(const struct mg_connection* connection);

#endif
