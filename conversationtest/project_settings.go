package conversationtest

import "github.com/sinchgo/conversation"

// createSettings creates the settings of the project, which has none at first.
func (p *project) createSettings(c *call) (any, error) {
	var request conversation.ProjectSettingsRequest
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.settings != nil {
		return nil, invalidArgument("the project has settings already")
	}
	return p.putSettings(&conversation.ProjectSettingsContent{ContactSettings: request.ContactSettings})
}

func (p *project) getSettings(*call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.settings == nil {
		return nil, notFound("settings", p.id)
	}
	return p.shownSettings(), nil
}

func (p *project) updateSettings(c *call) (any, error) {
	var request conversation.ProjectSettingsRequest
	if err := readObject(c.body, &request); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.settings == nil {
		return nil, notFound("settings", p.id)
	}
	changed := *p.settings
	if request.ContactSettings != nil {
		changed.ContactSettings = request.ContactSettings
	}
	return p.putSettings(&changed)
}

func (p *project) deleteSettings(*call) (any, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.settings == nil {
		return nil, notFound("settings", p.id)
	}
	p.settings = nil
	return struct{}{}, nil
}

// putSettings stores settings. It returns an error if they unify contacts while some share an identity. The caller holds
// the mutex.
func (p *project) putSettings(settings *conversation.ProjectSettingsContent) (any, error) {
	contacts := settings.ContactSettings
	if contacts != nil && contacts.UnifiedContactIDEnabled && len(p.conflicts()) > 0 {
		return nil, invalidArgument("contact_settings.unified_contact_id_enabled: contacts share identities: see contacts:identityConflicts")
	}
	p.settings = settings
	return p.shownSettings(), nil
}

func (p *project) shownSettings() conversation.ProjectSettings {
	return conversation.ProjectSettings{ProjectID: p.id, Settings: p.settings}
}
