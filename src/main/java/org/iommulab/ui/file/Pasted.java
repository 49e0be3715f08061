package org.iommulab.ui.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A text from the clipboard, read like a file. */
final class Pasted {

  private Pasted() {}

  static Opened read(String text) {
    try {
      Path file = Files.createTempFile("pasted-", ".txt");
      try {
        Files.writeString(file, text, StandardCharsets.UTF_8);
        return Opened.explained(file);
      } finally {
        if (!file.toFile().delete()) {
          file.toFile().deleteOnExit();
        }
      }
    } catch (IOException e) {
      return new Opened.Unreadable("The pasted text cannot be kept: " + e.getMessage() + ".");
    }
  }
}
