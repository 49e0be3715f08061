package org.iommulab.words;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** Why a file cannot be read or written, in words that stand behind a colon. */
public final class WhyNot {

  private WhyNot() {}

  /** Why it cannot be read. Not every exception has a message, and its class helps nobody. */
  public static String read(Exception e) {
    Throwable cause = cause(e);
    String message = Objects.requireNonNullElse(cause.getMessage(), "");
    return switch (cause) {
      case EOFException end when message.isBlank() -> "it ends too early";
      case AccessDeniedException denied -> "you may not read " + denied.getFile();
      case NoSuchFileException gone -> "there is no file " + gone.getFile();
      default -> message.isBlank() ? "it is damaged" : message;
    };
  }

  /** The same in both languages; what the system or a packer says is quoted. */
  public static Bilingual reading(Exception e) {
    Throwable cause = cause(e);
    String message = Objects.requireNonNullElse(cause.getMessage(), "");
    String chinese =
        switch (cause) {
          case EOFException end when message.isBlank() -> "内容过早结束";
          case AccessDeniedException denied -> "没有读取 " + denied.getFile() + " 的权限";
          case NoSuchFileException gone -> "没有文件 " + gone.getFile();
          default -> message.isBlank() ? "已损坏" : "“" + message + "”";
        };
    return new Bilingual(read(e), chinese);
  }

  /** Why it, or what is to be in it, cannot be written. */
  public static String written(Exception e) {
    Throwable cause = cause(e);
    return switch (cause) {
      case AccessDeniedException denied -> "you may not write there";
      case FileAlreadyExistsException taken -> taken.getFile() + " is a file, not a folder";
      case NoSuchFileException gone -> "there is no folder for " + gone.getFile();
      case FileSystemException told when told.getReason() != null -> told.getReason();
      default -> Objects.requireNonNullElse(cause.getMessage(), "the system does not say why");
    };
  }

  private static Throwable cause(Exception e) {
    boolean wrapped = e instanceof DirectoryIteratorException || e instanceof UncheckedIOException;
    return wrapped && e.getCause() instanceof IOException cause ? cause : e;
  }
}
