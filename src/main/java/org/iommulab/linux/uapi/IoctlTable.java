package org.iommulab.linux.uapi;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ioctls that a kind of file answers, each with what handles it, as the tables of the kernel's
 * drivers have them.
 *
 * @param <H> what handles an ioctl of such a file
 */
public final class IoctlTable<H> {

  /** A command with what handles it. */
  public record Row<H>(UapiStruct command, H handler) {}

  private final Map<Integer, Row<H>> rows = new HashMap<>();

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if a command of that number has one
   */
  public IoctlTable<H> on(UapiStruct command, H handler) {
    if (rows.put(command.number(), new Row<>(command, handler)) != null) {
      throw new IllegalArgumentException(command.name() + " is handled twice");
    }
    return this;
  }

  /** The row of the command of that number, null if the file has no such ioctl. */
  public @Nullable Row<H> row(int number) {
    return rows.get(number);
  }

  /** What handles the command of that number, null if the file has no such ioctl. */
  public @Nullable H handler(int number) {
    Row<H> row = rows.get(number);
    return row == null ? null : row.handler();
  }
}
