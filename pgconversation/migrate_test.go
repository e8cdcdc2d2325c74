package pgconversation_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation/pgconversation"
)

// ourTables selects the tables that the migrations create.
const ourTables = `SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'conversation\_%' AND tablename <> 'conversation_migration'`

func TestMigrateRunsAgain(t *testing.T) {
	t.Parallel()
	s := newStore(t) // migrated
	s.insert(t, pgconversation.Entry{ID: "a"})
	for range 2 {
		require.NoError(t, pgconversation.Migrate(t.Context(), s.Pool))
	}
	assert.Equal(t, []string{"a"}, s.listed(t, pgconversation.ListParams{}))
	files, err := fs.Glob(pgconversation.Migrations, "migrations/*.sql")
	require.NoError(t, err)
	assert.Equal(t, len(files), s.count(t, `SELECT count(*) FROM conversation_migration`))
}

func TestMigrateRunsConcurrently(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.exec(t, `DROP SCHEMA public CASCADE`)
	s.exec(t, `CREATE SCHEMA public`)
	results := make(chan error)
	for range 5 {
		go func() { results <- pgconversation.Migrate(t.Context(), s.Pool) }()
	}
	for range 5 {
		require.NoError(t, <-results)
	}
	assert.Positive(t, s.count(t, ourTables))
}

// halves returns the statements of a migration as goose reads them: those after "-- +goose Up", and those after "-- +goose Down".
func halves(t *testing.T, file string) (up, down string) {
	t.Helper()
	text, err := fs.ReadFile(pgconversation.Migrations, file)
	require.NoError(t, err)
	half := map[string]*strings.Builder{}
	var current *strings.Builder
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "-- +goose "); ok {
			require.Contains(t, []string{"Up", "Down"}, name)
			require.NotContains(t, half, name)
			current = &strings.Builder{}
			half[name] = current
			continue
		}
		statement, _, _ := strings.Cut(line, "--")
		if current != nil {
			current.WriteString(statement)
			continue
		}
		require.Empty(t, strings.TrimSpace(statement), "nothing is before Up")
	}
	require.Len(t, half, 2)
	for _, statements := range half {
		require.True(t, strings.HasSuffix(strings.TrimSpace(statements.String()), ";"))
	}
	return half["Up"].String(), half["Down"].String()
}

// TestMigrationsGoDownAndUp applies the files one statement at a time, as goose does.
func TestMigrationsGoDownAndUp(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	files, err := fs.Glob(pgconversation.Migrations, "migrations/*.sql")
	require.NoError(t, err)
	apply := func(statements string) {
		for statement := range strings.SplitSeq(statements, ";") {
			s.exec(t, statement)
		}
	}
	tables := s.count(t, ourTables)
	s.exec(t, `DROP TABLE conversation_migration`)
	for _, file := range slices.Backward(files) {
		_, down := halves(t, file)
		apply(down)
	}
	assert.Zero(t, s.count(t, ourTables))
	for _, file := range files {
		up, _ := halves(t, file)
		apply(up)
	}
	assert.Equal(t, tables, s.count(t, ourTables))
	s.insert(t, pgconversation.Entry{ID: "a"})

	err = pgconversation.Migrate(t.Context(), s.Pool)
	require.ErrorContains(t, err, "pgconversation: Migrate: another tool than Migrate, such as goose, created the tables")
	assert.Equal(t, []string{"a"}, s.listed(t, pgconversation.ListParams{}))
}

func TestMigrateCreatesTheTablesInTheCurrentSchema(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	s.exec(t, `CREATE SCHEMA messages`)
	config := s.Config()
	config.ConnConfig.RuntimeParams["search_path"] = "messages,public"
	pool := poolOf(t, config)
	require.NoError(t, pgconversation.Migrate(t.Context(), pool))
	two := store{pool, s.river}
	two.insert(t, pgconversation.Entry{ID: "a"})
	assert.Equal(t, []string{"a"}, two.listed(t, pgconversation.ListParams{}))
	assert.Empty(t, s.listed(t, pgconversation.ListParams{}))
	require.ErrorContains(t, pgconversation.Migrate(t.Context(), nil), "pool")
}
