"""What the lessons import: one module a topic, each readable in one sitting."""
