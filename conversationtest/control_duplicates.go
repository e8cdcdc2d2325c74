package conversationtest

// duplicateCallbacks delivers the next callbacks twice.
func (c *controlCall) duplicateCallbacks() (any, error) {
	asked := struct {
		Count int `json:"count"`
	}{1}
	if err := c.read(&asked); err != nil {
		return nil, err
	}
	if asked.Count < 1 {
		return nil, c.invalid("count: %d is not above 0", asked.Count)
	}
	c.state.callbacks.duplicate(asked.Count)
	return asked, nil
}
