package conversationtest

// controlSetup is what a client needs for the server.
type controlSetup struct {
	BaseURL   string `json:"base_url"`
	TokenURL  string `json:"token_url"`
	BatchURL  string `json:"batch_url"`
	ProjectID string `json:"project_id"`
	KeyID     string `json:"key_id"`
	KeySecret string `json:"key_secret"`
	AppID     string `json:"app_id"`
}

func (c *controlCall) setup() (any, error) {
	s := c.server
	return controlSetup{
		BaseURL: s.BaseURL(), TokenURL: s.TokenURL(), BatchURL: s.BatchURL(), ProjectID: s.ProjectID(),
		KeyID: s.KeyID(), KeySecret: s.KeySecret(), AppID: s.AppID(),
	}, nil
}
