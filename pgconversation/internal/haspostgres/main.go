// Command haspostgres prints why the tests of this module have no PostgreSQL server, or nothing if they have one, for make test and .ci/run.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/sinchgo/conversation/pgconversation/pgtest"
)

func main() {
	if os.Getenv("PGCONVERSATION_TEST_DSN") != "" {
		return
	}
	server, err := pgtest.Start(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = server.Close()
}
