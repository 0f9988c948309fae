"""The real body of the switch port: Asterisk, told what to do through ARI and AMI. It only translates."""
