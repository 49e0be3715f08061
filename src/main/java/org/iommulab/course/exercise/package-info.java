/**
 * Exercises drawn from real machine states by a seed, worksheets to print, and their key. Its
 * doors are Exercises and Worksheet. May import {@code lab..} and {@code trace}.
 */
package org.iommulab.course.exercise;
