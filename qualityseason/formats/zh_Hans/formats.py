from qualityseason.formats.iso import *  # noqa: F403  # the language module is the same list
