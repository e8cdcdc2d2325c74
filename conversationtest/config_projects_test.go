package conversationtest_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/sinchgo/conversation"
	"github.com/sinchgo/conversation/conversationtest"
)

func TestProjectsAreApartFromEachOther(t *testing.T) {
	t.Parallel()
	inBothModes(t, func(t *testing.T, cfg conversationtest.Config) {
		t.Helper()
		cfg.Projects = []conversationtest.Project{{ID: "other"}}
		srv := start(t, cfg)
		projects := srv.Projects()
		require.Len(t, projects, 2)
		assert.Equal(t, srv.ProjectID(), projects[0].ID)
		own := srv.NewClient(t)
		other, err := conversation.NewClient("other", srv.OptionsFor(projects[1])...)
		require.NoError(t, err)
		t.Cleanup(other.CloseIdleConnections)

		sent, err := own.Messages.Send(t.Context(), hello(srv.AppID()))
		require.NoError(t, err)
		_, err = other.Messages.Send(t.Context(), hello(projects[1].AppID))
		require.NoError(t, err)

		_, err = other.Messages.Get(t.Context(), sent.MessageID)
		require.ErrorIs(t, err, conversation.ErrNotFound)
		_, err = other.Messages.Send(t.Context(), hello(srv.AppID()))
		require.ErrorIs(t, err, conversation.ErrNotFound)
		assert.Len(t, srv.Sent(), 2)
	})
}

func TestCredentialsOfOneProjectAreForbiddenInAnother(t *testing.T) {
	t.Parallel()
	cfg := conversationtest.Config{InMemory: true, Projects: []conversationtest.Project{{}}}
	srv := start(t, cfg)
	stranger := srv.Projects()[1]
	for name, option := range map[string]conversation.Option{
		"token":      nil,
		"basic auth": conversation.WithBasicAuth(stranger.KeyID, stranger.KeySecret),
	} {
		options := srv.OptionsFor(stranger)
		if option != nil {
			options[0] = option
		}
		client, err := conversation.NewClient(srv.ProjectID(), options...)
		require.NoError(t, err)

		_, err = client.Messages.Send(t.Context(), hello(srv.AppID()))

		require.ErrorIs(t, err, conversation.ErrForbidden, name)
		assert.ErrorContains(t, err, "PERMISSION_DENIED", name)
	}
	assert.Empty(t, srv.Sent())
	assert.Equal(t, http.StatusForbidden, srv.Requests()[len(srv.Requests())-1].Status)
}

func TestASpoiltCredentialOfTheConfigPanicsWithItsPath(t *testing.T) {
	t.Parallel()
	for value, problem := range map[string]string{
		"hush\n": "ends with white space (U+000A, a line break)", `"hush"`: "is in quotes", "”hush”": "is in quotes",
		"\ufeffhush": "contains an invisible character", "hu\u200bsh": "contains an invisible character", "hu\x07sh": "contains a control character",
	} {
		for path, cfg := range map[string]conversationtest.Config{
			"Config.ProjectID":             {ProjectID: value},
			"Config.KeyID":                 {KeyID: value},
			"Config.KeySecret":             {KeySecret: value},
			"Config.Projects[1].ID":        {Projects: []conversationtest.Project{{}, {ID: value}}},
			"Config.Projects[1].KeyID":     {Projects: []conversationtest.Project{{}, {KeyID: value}}},
			"Config.Projects[0].KeySecret": {Projects: []conversationtest.Project{{KeySecret: value}}},
		} {
			cfg.InMemory = true
			panicked := panicOf(func() { conversationtest.NewServer(cfg).Close() })
			assert.Contains(t, panicked, "conversationtest: "+path+" "+problem, "%+q", value)
			assert.NotContains(t, panicked, "hush", "%+q", value)
		}
	}
	start(t, conversationtest.Config{InMemory: true, ProjectID: "my project", KeySecret: "a+b/c=d!"})
}

// panicOf returns what a function panics with, as text.
func panicOf(f func()) (text string) {
	defer func() { text = fmt.Sprint(recover()) }()
	f()
	return ""
}

func TestADuplicatedProjectPanics(t *testing.T) {
	t.Parallel()
	for _, twice := range [][]conversationtest.Project{{{ID: "p"}}, {{KeyID: "k"}}, {{ID: "a"}, {ID: "a"}}} {
		assert.Panics(t, func() {
			conversationtest.NewServer(conversationtest.Config{ProjectID: "p", KeyID: "k", Projects: twice})
		})
	}
}
