package org.iommulab.words;

import java.io.EOFException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** Why a file cannot be read, in words that stand behind a colon. */
public final class WhyUnreadable {

  private WhyUnreadable() {}

  /** Not every exception has a message, and the name of its class helps nobody. */
  public static String of(Exception e) {
    boolean wrapped = e instanceof DirectoryIteratorException || e instanceof UncheckedIOException;
    Throwable cause = wrapped && e.getCause() != null ? e.getCause() : e;
    String message = Objects.requireNonNullElse(cause.getMessage(), "");
    boolean silent = message.isBlank();
    return switch (cause) {
      case EOFException end when silent -> "it ends too early";
      case AccessDeniedException denied -> "you may not read " + denied.getFile();
      case NoSuchFileException gone -> "there is no file " + gone.getFile();
      default -> message == null || silent ? "it is damaged" : message;
    };
  }
}
