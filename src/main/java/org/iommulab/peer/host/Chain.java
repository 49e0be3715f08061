package org.iommulab.peer.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Functions of the C library that a thread carries out one after another without coming back to the
 * virtual machine ({@code makecontext(3)}): each has a stack of its own, and where it returns the
 * next one begins. What they return is lost.
 */
final class Chain {

  /** {@code ucontext_t} has 968 bytes on x86-64, 4560 on aarch64. */
  private static final long CONTEXT_BYTES = 8192;

  private static final long STACK_BYTES = 1 << 17;

  // The first members of ucontext_t are the same on both architectures.
  private static final long LINK_AT = 8;
  private static final long STACK_AT = 16;
  private static final long STACK_SIZE_AT = 32;
  private static final int FIXED_ARGUMENTS = 3;

  private record Part(long function, long... arguments) {}

  private final Arena arena;
  private final List<Part> parts = new ArrayList<>();

  /** Nothing to do yet; its stacks are of that arena, which must outlive the thread. */
  Chain(Arena arena) {
    this.arena = arena;
  }

  /** The address of a function of the C library. */
  static MemorySegment function(String name) {
    return Linker.nativeLinker().defaultLookup().find(name).orElseThrow();
  }

  /** A function of the C library on whole words that answers an {@code int}. */
  static MethodHandle function(String name, int parameters) {
    return Linker.nativeLinker()
        .downcallHandle(
            function(name), FunctionDescriptor.of(ValueLayout.JAVA_INT, words(parameters)));
  }

  private static ValueLayout[] words(int count) {
    var words = new ValueLayout[count];
    Arrays.fill(words, ValueLayout.JAVA_LONG);
    return words;
  }

  /** Adds a function, called with whole words. */
  Chain then(String function, long... arguments) {
    parts.add(new Part(function(function).address(), arguments));
    return this;
  }

  /** Carries all out, on this thread. The last one must be one that does not return. */
  void run() throws Throwable {
    MethodHandle get = function("getcontext", 1);
    MethodHandle set = function("setcontext", 1);
    long next = 0;
    for (Part part : parts.reversed()) {
      MemorySegment context = arena.allocate(CONTEXT_BYTES, 16);
      int status = (int) get.invokeExact(context.address());
      if (status != 0) {
        throw new IllegalStateException("getcontext: " + status);
      }
      context.set(ValueLayout.JAVA_LONG, LINK_AT, next);
      context.set(ValueLayout.ADDRESS, STACK_AT, arena.allocate(STACK_BYTES, 16));
      context.set(ValueLayout.JAVA_LONG, STACK_SIZE_AT, STACK_BYTES);
      make(context, part);
      next = context.address();
    }
    int never = (int) set.invokeExact(next);
  }

  private static void make(MemorySegment context, Part part) throws Throwable {
    int count = part.arguments().length;
    ValueLayout[] layouts = words(FIXED_ARGUMENTS + count);
    layouts[2] = ValueLayout.JAVA_INT;
    MethodHandle make =
        Linker.nativeLinker()
            .downcallHandle(
                function("makecontext"),
                FunctionDescriptor.ofVoid(layouts),
                Linker.Option.firstVariadicArg(FIXED_ARGUMENTS));
    var all = new ArrayList<Object>(List.of(context.address(), part.function(), count));
    Arrays.stream(part.arguments()).forEach(all::add);
    make.invokeWithArguments(all);
  }
}
