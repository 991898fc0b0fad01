"""One digest over what every public function of the engine gives, which must be the same on every machine."""
