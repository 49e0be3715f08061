package org.iommulab.ui.export;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.Node;
import javafx.scene.SnapshotParameters;
import javafx.scene.image.Image;
import javafx.scene.input.ClipboardContent;
import javafx.scene.paint.Color;
import org.iommulab.ui.file.Png;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.view.part.TextTable;

/** Writes a pane to a file or to the clipboard. Call on the JavaFX thread. */
public final class PaneExport {

  private PaneExport() {}

  /**
   * Writes a pane, making the folder if there is none.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(LabPane pane, ExportFormat format, Path file) throws IOException {
    take(pane, format).write(file);
  }

  /** A pane as it was when it was taken down, to be put into its form on any thread. */
  interface Taken {

    /**
     * Writes it, making the folder if there is none.
     *
     * @throws IOException if the file cannot be written
     */
    void write(Path file) throws IOException;
  }

  /** Takes a pane down; what takes long is left to {@link Taken#write}. */
  static Taken take(LabPane pane, ExportFormat format) {
    return switch (format) {
      case CSV -> {
        TextTable rows = pane.text();
        yield file -> write(rows.toCsv(), file);
      }
      case JSON -> {
        TextTable rows = pane.text();
        yield file -> write(rows.toJson(), file);
      }
      case SVG -> {
        String picture = SvgPicture.of(frame(pane));
        yield file -> write(picture, file);
      }
      case PNG -> {
        Image picture = frame(pane).snapshot(null, null);
        yield file -> Png.write(picture, file);
      }
    };
  }

  private static void write(String text, Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Files.writeString(file, text, StandardCharsets.UTF_8);
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
