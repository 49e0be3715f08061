package org.iommulab.linux.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.iommulab.linux.process.SyscallResult;
import org.iommulab.linux.uapi.Errno;
import org.jspecify.annotations.Nullable;

/**
 * One request of a real program with what was learned from outside while it was carried out, and
 * how it ended. The first time the real world is asked; from then on its answers are kept here, so
 * that the same can be carried out again without the program.
 */
public final class Exchange {

  /**
   * How it ended the first time.
   *
   * @param ret what the call returned
   * @param errno the error's name, null without one
   */
  public record Ending(long ret, @Nullable String errno) {
    private static final Ending DONE = new Ending(0, null);

    static Ending of(SyscallResult result) {
      if (result.ret() == 0 && !result.failed()) {
        return DONE;
      }
      Errno errno = result.errno();
      return new Ending(result.ret(), errno == null ? null : errno.name());
    }
  }

  private final Request request;
  private @Nullable World live;
  private List<Answer> learned;
  private @Nullable Ending ending;

  private Exchange(
      Request request, @Nullable World live, List<Answer> learned, @Nullable Ending ending) {
    this.request = request;
    this.live = live;
    this.learned = learned;
    this.ending = ending;
  }

  /** A request that is carried out with the real world to ask. */
  public static Exchange live(Request request, World world) {
    return new Exchange(request, world, new ArrayList<>(), null);
  }

  /** One of the past. */
  public static Exchange kept(Request request, List<Answer> learned, @Nullable Ending ending) {
    return new Exchange(request, null, List.copyOf(learned), ending);
  }

  /** What was asked. */
  public Request request() {
    return request;
  }

  /** What the world answered meanwhile, in order. */
  public List<Answer> learned() {
    return learned;
  }

  /** How it ended the first time; null as long as it has not. */
  public @Nullable Ending ending() {
    return ending;
  }

  /** The real world, if this is the first time. */
  @Nullable World world() {
    return live;
  }

  /** It has been carried out for the first time. */
  void end(SyscallResult result) {
    learned = List.copyOf(learned);
    live = null;
    ending = Ending.of(result);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Exchange that
        && request.equals(that.request)
        && learned.equals(that.learned)
        && Objects.equals(ending, that.ending);
  }

  @Override
  public int hashCode() {
    return request.hashCode();
  }
}
