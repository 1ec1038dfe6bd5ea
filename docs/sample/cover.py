#!/usr/bin/env python3
"""Draws the sample show's cover: a moon over the sea, whose reflection is a waveform.

Run from anywhere; needs Pillow, and the typeface League Spartan (Debian: fonts-league-spartan, OFL).
"""

import math
import pathlib

from PIL import Image, ImageDraw, ImageFont

COVER = pathlib.Path(__file__).resolve().parents[2] / "episodes" / "cover.png"
FONT = "/usr/share/fonts/opentype/league-spartan/LeagueSpartan-{}.otf"

SIZE = 3000
# Drawn three times as large and made smaller, which smooths the edges.
SCALE = 3

SKY, GLOW, SEA, MOON, DARK, LAMP = "#12294a", "#19365d", "#0c1d36", "#f7e6bd", "#081528", "#f2704f"
HORIZON, CENTRE = 1780, 1500


def main():
    picture = Image.new("RGB", (SIZE * SCALE, SIZE * SCALE), SKY)
    draw = ImageDraw.Draw(picture)

    def at(*numbers):
        return [round(n * SCALE) for n in numbers]

    def circle(x, y, radius, colour):
        draw.ellipse(at(x - radius, y - radius, x + radius, y + radius), fill=colour)

    def bar(y, half, colour):
        draw.rounded_rectangle(at(CENTRE - half, y - 30, CENTRE + half, y + 30), radius=30 * SCALE, fill=colour)

    def line(text, weight, points, y, colour, spacing):
        font = ImageFont.truetype(FONT.format(weight), points * SCALE)
        widths = [font.getlength(letter) + spacing * SCALE for letter in text]
        x = CENTRE * SCALE - (sum(widths) - spacing * SCALE) / 2
        for letter, width in zip(text, widths):
            draw.text((x, y * SCALE), letter, font=font, fill=colour, anchor="ls")
            x += width

    circle(CENTRE, 1280, 590, GLOW)
    circle(CENTRE, 1280, 430, MOON)
    draw.rectangle(at(0, HORIZON, SIZE, SIZE), fill=SEA)

    # The lighthouse on its rock.
    draw.ellipse(at(180, 1690, 760, 1960), fill=DARK)
    draw.rectangle(at(0, HORIZON + 1, 900, 1965), fill=SEA)
    draw.polygon(at(415, 1720, 525, 1720, 505, 1230, 435, 1230), fill=DARK)
    draw.polygon(at(424, 1480, 516, 1480, 511, 1360, 429, 1360), fill=MOON)
    draw.rectangle(at(415, 1212, 525, 1234), fill=DARK)
    draw.rectangle(at(440, 1140, 500, 1212), fill=LAMP)
    draw.polygon(at(425, 1142, 515, 1142, 470, 1085), fill=DARK)

    # The reflection: what somebody saying a sentence looks like.
    for number in range(10):
        swell = abs(math.sin(number * 1.9 + 0.8)) * 0.65 + 0.35
        bar(1880 + number * 104, 560 * swell * (1 - number * 0.045), LAMP if number == 4 else MOON)

    line("PLAIN MARVELS", "Bold", 318, 430, MOON, 24)
    line("READ ALOUD", "Medium", 128, 640, LAMP, 62)

    picture = picture.resize((SIZE, SIZE), Image.Resampling.BOX)
    picture.save(COVER, optimize=True)
    print(f"{COVER.name}: {COVER.stat().st_size} bytes")


if __name__ == "__main__":
    main()
