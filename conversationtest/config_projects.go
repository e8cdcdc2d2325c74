package conversationtest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/sinchgo/conversation"
)

// Project is a project of a server, with its access key and the app that it has from the start. Fields that are empty in
// Config.Projects are generated.
type Project struct {
	ID        string
	KeyID     string
	KeySecret string
	AppID     string
}

func (p Project) withDefaults(clock func() time.Time) Project {
	filled := p
	if filled.ID == "" {
		filled.ID = newUUID()
	}
	if filled.KeyID == "" {
		filled.KeyID = newUUID()
	}
	if filled.KeySecret == "" {
		filled.KeySecret = rand.Text()
	}
	if filled.AppID == "" {
		filled.AppID = new(idMaker).next(clock())
	}
	return filled
}

// checkCredential panics if conversation.NewClient rejects a credential, since no client could use it then. The field
// is the part of the credential that comes from the Config.
func checkCredential(field, projectID, keyID, keySecret string) {
	_, err := conversation.NewClient(projectID, conversation.WithOAuth2(keyID, keySecret), conversation.WithRegion(conversation.RegionEU))
	if argument, ok := errors.AsType[*conversation.ArgumentError](err); ok {
		problem := strings.TrimPrefix(strings.TrimPrefix(argument.Reason, "has a key id that "), "has a key secret that ")
		panic("conversationtest: " + field + " " + problem)
	}
}

// Projects returns all projects with their generated fields: that of the Config itself, then Config.Projects.
func (s *Server) Projects() []Project {
	first := Project{ID: s.config.ProjectID, KeyID: s.config.KeyID, KeySecret: s.config.KeySecret, AppID: s.config.AppID}
	return append([]Project{first}, s.config.Projects...)
}

// of returns the Config with p as its own project.
func (c Config) of(p Project) Config {
	own := c
	own.ProjectID, own.KeyID, own.KeySecret, own.AppID = p.ID, p.KeyID, p.KeySecret, p.AppID
	return own
}

// ownerOf returns the project that an access key belongs to.
func (s *Server) ownerOf(keyID, secret string) (Project, bool) {
	for _, p := range s.Projects() {
		if keyID == p.KeyID && secret == p.KeySecret {
			return p, true
		}
	}
	return Project{}, false
}

// project returns the project of the Config itself.
func (s *Server) project() *project { return s.current().projects[s.config.ProjectID] }

// projectOf returns the project of an app. It panics if no project has the app.
func (s *Server) projectOf(appID string) *project {
	for _, project := range s.current().projects {
		if project.hasApp(appID) == nil {
			return project
		}
	}
	panic(fmt.Sprintf("conversationtest: there is no app %q", appID))
}
