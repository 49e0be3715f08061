package org.iommulab.ui;

import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.javafx.FontIcon;

/** Icons that grow with the text. */
public final class Icons {

  private static final double PIXELS = 15;

  private Icons() {}

  /** An icon of the size of a line of text. */
  public static FontIcon of(Ikon picture, Theme theme) {
    var icon = new FontIcon(picture);
    // In a style sheet, em would mean the icon's own size.
    theme
        .scaleProperty()
        .subscribe(scale -> icon.setIconSize((int) Math.round(PIXELS * scale.doubleValue())));
    return icon;
  }
}
