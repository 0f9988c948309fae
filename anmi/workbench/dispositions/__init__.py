"""What somebody writes after a contact: the outcome for the gate and the entry in the diary, together or not at all."""
