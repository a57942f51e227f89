"""Lists as sides send them: any spreadsheet or text with separators, in four languages and three scripts."""
