/* Appended to civetweb.c by build.sh: see connection_socket.h. */
__attribute__((visibility("default"))) int
selfheal_connection_socket(const struct mg_connection *conn);

int
selfheal_connection_socket(const struct mg_connection *conn)
{
	return conn->client.sock;
}
