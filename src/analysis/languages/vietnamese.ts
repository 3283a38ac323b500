// Vietnamese has no inflection: stop words alone.

export const stems = (): string[] => [];

export const stopWords: readonly string[] = (
  'và của là có cho các những một được với trong khi từ đến tại này đó đã sẽ đang cũng như để bị bởi vì nên mà thì ở ra ' +
  'vào lên về theo hoặc hay nếu tôi bạn không làm thế nào sao gì ai đâu tại nào bao mấy cách muốn thể hãy rằng rất'
).split(' ');
