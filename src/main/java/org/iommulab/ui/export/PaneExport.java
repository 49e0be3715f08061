package org.iommulab.ui.export;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.Node;
import javafx.scene.SnapshotParameters;
import javafx.scene.input.ClipboardContent;
import javafx.scene.paint.Color;
import org.iommulab.ui.file.Png;
import org.iommulab.ui.view.part.LabPane;

/** Writes a pane to a file or to the clipboard. Call on the JavaFX thread. */
public final class PaneExport {

  private PaneExport() {}

  /**
   * Writes a pane, making the folder if there is none.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(LabPane pane, ExportFormat format, Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    switch (format) {
      case CSV, JSON, SVG -> Files.writeString(file, text(pane, format), StandardCharsets.UTF_8);
      case PNG -> Png.write(frame(pane).snapshot(null, null), file);
    }
  }

  /** What goes to the clipboard: a text, or a picture for PNG. */
  static ClipboardContent content(LabPane pane, ExportFormat format) {
    var content = new ClipboardContent();
    switch (format) {
      case CSV, JSON, SVG -> content.putString(text(pane, format));
      case PNG -> {
        var opaque = new SnapshotParameters();
        opaque.setFill(Color.WHITE);
        content.putImage(frame(pane).snapshot(opaque, null));
      }
    }
    return content;
  }

  /** The pane in a form that is text. */
  static String text(LabPane pane, ExportFormat format) {
    return switch (format) {
      case CSV -> pane.text().toCsv();
      case JSON -> pane.text().toJson();
      case SVG -> SvgPicture.of(frame(pane));
      case PNG -> throw new IllegalArgumentException("a picture of dots is no text");
    };
  }

  /** The pane with its header line if it has one. */
  private static Node frame(LabPane pane) {
    Node content = pane.node();
    Node parent = content.getParent();
    return parent != null && (pane.id() + "-pane").equals(parent.getId()) ? parent : content;
  }
}
