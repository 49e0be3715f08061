package org.iommulab.peer.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers of system calls and the filter, by architecture, beside the kernel's own headers. */
class ArchitectureTest {

  private static final Map<Architecture, List<Path>> HEADERS =
      Map.of(
          Architecture.X86_64,
          List.of(
              Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
              Path.of("/usr/include/asm/unistd_64.h")),
          Architecture.AARCH64,
          List.of(Path.of("/usr/include/asm-generic/unistd.h")));

  private static final Pattern DEFINED =
      Pattern.compile("#define +__NR(3264)?_([a-z0-9_]+)\\s+([0-9]+)");

  /** asm-generic names these by what 32-bit machines have in their place ({@code __NR3264_}). */
  private static final Map<String, String> RENAMED = Map.of("newfstatat", "fstatat");

  private static Map<String, Integer> numbers(Path header) throws IOException {
    var numbers = new HashMap<String, Integer>();
    for (String line : Files.readAllLines(header)) {
      Matcher matcher = DEFINED.matcher(line);
      if (matcher.lookingAt()) {
        numbers.put(matcher.group(2), Integer.valueOf(matcher.group(3)));
      }
    }
    return numbers;
  }

  @ParameterizedTest
  @EnumSource
  void numbersAreThoseOfTheHeaders(Architecture architecture) throws IOException {
    Path header =
        HEADERS.get(architecture).stream().filter(Files::isReadable).findFirst().orElse(null);
    if (header == null) {
      System.err.println("not compared: the kernel's headers are not installed here");
      return;
    }
    Map<String, Integer> numbers = numbers(header);
    for (Call call : Call.values()) {
      String name = call.name().toLowerCase(Locale.ROOT);
      int number = numbers.getOrDefault(name, -1);
      if (number < 0 && architecture == Architecture.AARCH64) {
        number = numbers.getOrDefault(RENAMED.getOrDefault(name, name), -1);
      }
      assertThat(call.number(architecture)).as("%s on %s", name, architecture).isEqualTo(number);
    }
  }

  /** What aarch64 does not have is what newer calls do with a folder's descriptor. */
  @Test
  void oldCallsAreMissingOnAarch64() {
    var missing = new HashSet<Call>();
    for (Call call : Call.values()) {
      if (call.number(Architecture.AARCH64) < 0) {
        missing.add(call);
      }
    }
    assertThat(missing)
        .isEqualTo(Set.of(Call.OPEN, Call.STAT, Call.LSTAT, Call.ACCESS, Call.READLINK));
  }

  @ParameterizedTest
  @EnumSource
  void theFilterAsksAboutWhatIsAnswered(Architecture here) {
    for (Call call : List.of(Call.OPENAT, Call.NEWFSTATAT, Call.LSEEK, Call.PWRITEV2, Call.FSYNC)) {
      assertThat(asks(here, call)).as("%s", call).isTrue();
    }
    assertThat(asks(here, Call.IOCTL, 0, 0x3B71)).isTrue();
    assertThat(asks(here, Call.IOCTL, 0, 0xC018_3B85L)).isTrue();
    assertThat(asks(here, Call.IOCTL, 0, 0x5401)).isFalse();
    assertThat(asks(here, Call.MMAP, 0, 0, 0, 0x22)).isFalse();
    assertThat(asks(here, Call.MMAP, 0, 0, 0, 0x21)).isTrue();
    assertThat(asks(here, Call.MMAP, 0, 0, 0, 0x32)).isTrue();
    assertThat(asks(here, Call.MMAP, 0, 0, 0, 0x02)).isTrue();
    assertThat(asks(here, Call.MADVISE, 0, 0, 4)).isTrue();
    assertThat(asks(here, Call.MADVISE, 0, 0, 3)).isFalse();
    assertThat(asks(here, Call.FCNTL, 0, 3)).isTrue();
    assertThat(asks(here, Call.FCNTL, 0, 4)).isTrue();
    assertThat(asks(here, Call.FCNTL, 0, 1030)).isFalse();
    assertThat(asks(here, Call.CLOSE)).isFalse();
    assertThat(asks(here, Call.EXIT)).isFalse();
  }

  /** Numbers of another architecture mean other calls: a program of 32 bits is left alone. */
  @ParameterizedTest
  @EnumSource
  void theFilterLeavesOtherArchitecturesAlone(Architecture here) {
    int thirtyTwoBits = here == Architecture.X86_64 ? 0x4000_0003 : 0x4000_0028;
    int number = Call.OPENAT.number(here);
    assertThat(verdict(here, thirtyTwoBits, number)).isEqualTo(0x7FFF_0000L);
    for (Architecture other : Architecture.values()) {
      assertThat(verdict(here, other.audit(), number) == 0x7FC0_0000L).isEqualTo(other == here);
    }
  }

  private static boolean asks(Architecture here, Call call, long... arguments) {
    return verdict(here, here.audit(), call.number(here), arguments) == 0x7FC0_0000L;
  }

  /** Carries the filter out as {@code linux/filter.h} says, on {@code struct seccomp_data}. */
  private static long verdict(Architecture here, int audit, int number, long... arguments) {
    List<int[]> code = CallFilter.code(here);
    long value = 0;
    for (int at = 0; ; at++) {
      int[] line = code.get(at);
      int operand = line[3];
      switch (line[0]) {
        case 0x20 ->
            value =
                operand == 0
                    ? number
                    : operand == 4 ? audit : argument(arguments, (operand - 16) / 8);
        case 0x54 -> value &= operand;
        case 0x15 -> at += value == operand ? line[1] : line[2];
        case 0x45 -> at += (value & operand) != 0 ? line[1] : line[2];
        case 0x06 -> {
          return Integer.toUnsignedLong(operand);
        }
        default -> throw new AssertionError("operation " + line[0]);
      }
    }
  }

  private static int argument(long[] arguments, int index) {
    return index < arguments.length ? (int) arguments[index] : 0;
  }
}
