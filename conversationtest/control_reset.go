package conversationtest

func (c *controlCall) reset() (any, error) {
	if err := c.read(new(struct{})); err != nil {
		return nil, err
	}
	c.server.Reset()
	return struct{}{}, nil
}
