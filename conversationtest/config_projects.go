package conversationtest

import (
	"crypto/rand"
	"fmt"
	"time"
)

// Project is one of the projects of a server, with an access key of its own and the app that is there from the start.
// What is left empty in Config.Projects is made up.
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

// Projects gives all projects: first that of the Config itself, then Config.Projects, with what was made up.
func (s *Server) Projects() []Project {
	first := Project{ID: s.config.ProjectID, KeyID: s.config.KeyID, KeySecret: s.config.KeySecret, AppID: s.config.AppID}
	return append([]Project{first}, s.config.Projects...)
}

// of gives the Config with another project as its own.
func (c Config) of(p Project) Config {
	own := c
	own.ProjectID, own.KeyID, own.KeySecret, own.AppID = p.ID, p.KeyID, p.KeySecret, p.AppID
	return own
}

// ownerOf gives the project that an access key belongs to.
func (s *Server) ownerOf(keyID, secret string, same func(given, want string) bool) (Project, bool) {
	for _, p := range s.Projects() {
		if same(keyID, p.KeyID) && same(secret, p.KeySecret) {
			return p, true
		}
	}
	return Project{}, false
}

// project is the one that has all of the server's state.
func (s *Server) project() *project { return s.projects[s.config.ProjectID] }

// projectOf gives the project of an app. It panics without one.
func (s *Server) projectOf(appID string) *project {
	for _, project := range s.projects {
		if project.hasApp(appID) == nil {
			return project
		}
	}
	panic(fmt.Sprintf("conversationtest: there is no app %q", appID))
}
