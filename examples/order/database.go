package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/sinchgo/conversation/pgconversation"
	"github.com/sinchgo/conversation/pgconversation/pgtest"
)

// newDatabase creates an empty database on the server of dsn, or on a server that it starts if dsn is empty. drop removes what it created.
func newDatabase(ctx context.Context, dsn string) (created string, drop func(), err error) {
	if dsn == "" {
		server, err := pgtest.Start(ctx)
		if err != nil {
			return "", nil, err
		}
		return server.DSN("postgres"), func() { _ = server.Close() }, nil
	}
	target, err := url.Parse(dsn)
	if err != nil || target.Scheme == "" {
		return "", nil, errors.New("DATABASE_URL is not a URL: write it like postgres://user@host/database") // without it, since it may have a password
	}
	name := fmt.Sprintf("order_example_%d", os.Getpid())
	if err := execute(ctx, dsn, "CREATE DATABASE "+name); err != nil {
		return "", nil, err
	}
	query := target.Query()
	query.Del("dbname") // the other way to name the database
	target.Path, target.RawQuery = "/"+name, query.Encode()
	return target.String(), func() { _ = execute(context.WithoutCancel(ctx), dsn, "DROP DATABASE "+name+" WITH (FORCE)") }, nil
}

func execute(ctx context.Context, dsn, statement string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

// migrate creates the tables of River, of pgconversation and of the shop.
func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return err
	}
	if err := pgconversation.Migrate(ctx, pool); err != nil {
		return err
	}
	_, err = pool.Exec(ctx, `CREATE TABLE IF NOT EXISTS orders (id text PRIMARY KEY, status text NOT NULL DEFAULT 'stored')`)
	return err
}
