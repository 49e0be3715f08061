package org.iommulab.ui.export;

import java.util.Locale;
import java.util.Optional;

/** The forms in which a pane leaves the window; the name in lower case ends file names. */
public enum ExportFormat {
  /** Rows with headings, after RFC 4180. */
  CSV,
  /** Rows as objects by heading. */
  JSON,
  /** A picture of dots. */
  PNG,
  /** A picture of lines and letters. */
  SVG;

  /** {@code csv}. */
  public String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Tells whether it needs rows; some panes have none. */
  public boolean wantsRows() {
    return this == CSV || this == JSON;
  }

  /** The form that a file name asks for. */
  static Optional<ExportFormat> ofFile(String name) {
    String end = name.substring(name.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
    for (ExportFormat format : values()) {
      if (format.name().equals(end)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
