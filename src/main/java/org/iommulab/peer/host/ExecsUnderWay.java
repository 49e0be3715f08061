package org.iommulab.peer.host;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Threads that have been let go into {@code execve()} and may still be in it. Meanwhile their
 * process must not begin to be followed: a thread that becomes another program holds {@code
 * cred_guard_mutex} while it waits for its fellows to end, those that are followed wait for the
 * tracer, and the tracer, about to follow the next one, waits for the mutex.
 */
public final class ExecsUnderWay {

  /** So many are kept before those that are over are looked for. */
  private static final int MANY = 64;

  /** Place of {@code utime} behind the name in {@code /proc/ID/stat}. */
  private static final int USER_TIME_AT = 11;

  private final Map<Integer, String> userTimes = new HashMap<>();

  /** None at first. */
  public ExecsUnderWay() {}

  /** A thread is about to be let go. */
  public void begins(int thread) {
    if (userTimes.size() >= MANY) {
      userTimes.entrySet().removeIf(one -> isOver(one.getKey(), one.getValue()));
    }
    userTimes.put(thread, userTime(thread));
  }

  /** A thread asks for something: if it was on its way, it is back or another program. */
  public void asks(int thread) {
    userTimes.remove(thread);
  }

  /** Tells whether a thread of that process may be on its way. */
  public boolean isOnItsWay(int process) {
    boolean some = false;
    Iterator<Map.Entry<Integer, String>> all = userTimes.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Integer, String> one = all.next();
      if (ProcessFiles.owner(one.getKey()).orElse(-1) == process) {
        if (isOver(one.getKey(), one.getValue())) {
          all.remove();
        } else {
          some = true;
        }
      }
    }
    return some;
  }

  /** One that has failed is in another call, or has taken time of its own since. */
  private static boolean isOver(int thread, String before) {
    List<String> call = ProcessFiles.lines("/proc/" + thread + "/syscall");
    String number = call.isEmpty() ? "" : call.getFirst().split(" ")[0];
    boolean inOther =
        number.matches("[0-9]+")
            && Integer.parseInt(number) != Call.EXECVE.number()
            && Integer.parseInt(number) != Call.EXECVEAT.number();
    return inOther || !userTime(thread).equals(before);
  }

  private static String userTime(int thread) {
    List<String> lines = ProcessFiles.lines("/proc/" + thread + "/stat");
    String line = lines.isEmpty() ? "" : lines.getFirst();
    String[] words = line.substring(line.lastIndexOf(')') + 1).strip().split(" ");
    return words.length > USER_TIME_AT ? words[USER_TIME_AT] : "gone";
  }
}
