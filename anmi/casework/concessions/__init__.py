"""Relief that needs approval: waivers, settlements and instalment plans, quoted only when approved."""
