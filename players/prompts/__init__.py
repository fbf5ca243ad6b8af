"""What a language model is asked: prompt styles, put together from parts.

A style is data; every sentence it produces comes from the game and is true in its code. It never holds
advice, and the worked examples are random legal plies of the same game, not good ones.
"""

from players.prompts.messages import check_style, messages_for
from players.prompts.style import STYLES, PromptStyle, style_fields, style_of

__all__ = ["STYLES", "PromptStyle", "check_style", "messages_for", "style_fields", "style_of"]
