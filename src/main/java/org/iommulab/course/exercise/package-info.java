/**
 * Exercises drawn from real machine states by a seed, worksheets to print, and their key. Its doors
 * are Exercises and Worksheet. May import the floors below.
 */
package org.iommulab.course.exercise;
